package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;

/// The reading end of one buffer: what there is to read, and the settling of what dead writers owe. Any thread of the
/// owning process.
final class Outlet {
    /// Returned by [#readIfAny] when there is nothing.
    static final long NOTHING = -1;

    private static final MemorySegment[] NO_PIECES = {};

    private final Ring ring;
    private final SharedFiles files;
    private final BufferReader reader;
    private final StalledWriters stalled;
    private final Runnable flush;

    /// @param flush closes the open sub-buffer
    Outlet(Ring ring, SharedFiles files, BufferReader reader, StalledWriters stalled, Runnable flush) {
        this.ring = ring;
        this.files = files;
        this.reader = reader;
        this.stalled = stalled;
        this.flush = flush;
    }

    /// Reads as [org.relayfs.buffer.ChannelBuffer#read(long, ReadySink)] does, if there is something.
    ///
    /// @return bytes consumed, or [#NOTHING]: the sink was not asked
    long readIfAny(long length, ReadySink sink) throws IOException {
        try {
            long read = readOnce(length, sink);
            return read == NOTHING && giveUpStalled() ? readOnce(length, sink) : read;
        } catch (IOException | InternalError failure) {
            if (files.isShortened(failure)) {
                throw ring.damage.exception();
            }
            throw failure;
        }
    }

    private long readOnce(long length, ReadySink sink) throws IOException {
        boolean[] empty = {false};
        long read = reader.read(length, (pieces, count, total) -> {
            empty[0] = total == 0;
            return total != 0 && sink.accept(pieces, count, total);
        });
        return empty[0] ? NOTHING : read;
    }

    /// Tells a sink that there is nothing.
    ///
    /// @return 0
    static long sayNothing(ReadySink sink) throws IOException {
        sink.accept(NO_PIECES, 0, 0);
        return 0;
    }

    // A read hands its bytes on first and marks them as consumed afterwards, so that no writer takes their place
    // meanwhile. Who has the bytes may ask before that has happened.
    void await() {
        reader.exclusively(() -> {});
    }

    boolean isReadable() {
        try {
            return files.touch(() -> {
                await();
                return ring.delivered() > ring.consumed() || giveUpStalled() && ring.delivered() > ring.consumed();
            });
        } catch (DamagedBufferException e) {
            return true; // a read does not wait: it fails
        }
    }

    boolean hasData() {
        try {
            return files.touch(() -> reader.hasData() || giveUpStalled() && reader.hasData());
        } catch (DamagedBufferException e) {
            return true; // a read does not wait: it fails
        }
    }

    /// {@return true when nothing is left to be read, and nothing will come: of a buffer that was handed over}
    boolean isUsedUp() {
        Geometry geometry = ring.geometry;
        try {
            return files.touch(() -> {
                long word = ring.reserve();
                return geometry.live(word) == 0
                        && !geometry.isOpen(word)
                        && BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET) == BufferHeader.MOVED
                        && ring.delivered() > geometry.position(word)
                        && !reader.hasData();
            });
        } catch (DamagedBufferException e) {
            return false; // a read fails
        }
    }

    /// {@return true when no living process has announced anything, and so nobody is going to count anything}
    boolean isLeft() {
        return ring.announced.nobody(ring.processes::isAlive);
    }

    /// Looks for writers that do not come back and gives up what they hold, see `docs/semantics.md`. Reads and
    /// polls that find nothing do so themselves; whoever waits for a wake-up calls it now and then.
    ///
    /// @return true when something was delivered thereby
    boolean giveUpStalled() {
        StalledWriters.Finding[] finding = {StalledWriters.Finding.NONE};
        reader.exclusively(() -> {
            try {
                finding[0] = stalled.look(System.nanoTime());
            } catch (DamagedBufferException e) {
                finding[0] = StalledWriters.Finding.NONE; // nothing in it can be relied on
            }
        });
        if (finding[0] == StalledWriters.Finding.CLOSE_FIRST) {
            flush.run();
            return false;
        }
        return finding[0] == StalledWriters.Finding.DELIVERED;
    }
}
