package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;

/// The place in a buffer of one reader that takes nothing out of it. It loads from the shared memory and never stores
/// there: writers and other readers do not notice it. For one thread at a time.
///
/// Bytes are loaded first, and then [RingView#isIntact] says whether a later lap had begun in their sub-buffer. If so,
/// they count as missed, and the oldest sub-buffer that is left is next.
public final class Observation {
    /// Returned by [#look]: what the sink was given may have been overwritten while it looked.
    public static final long OVERWRITTEN = -1;

    private static final int MAX_LAPPED = 3;
    private static final int MAX_TRIES = 64;
    private static final long PATIENCE_NS = 1_000_000_000;

    private final RingView ring;
    private final Geometry geometry;
    private final Path path;
    private final Missed missed;
    private final boolean closedOnly;
    private final SubBufferPieces found;

    // The cursor, and how many bytes it has passed, holes included.
    private long position;
    private long offset;
    private long passed;
    // Where the last reset began.
    private long base;
    private long missedSubBuffers;
    // How often in a row it was overtaken.
    private int lapped;
    private long waitsSinceNs;

    /// @param ring may be mapped for reading only
    /// @param path of the data file
    Observation(RingView ring, Path path, Beginning start) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.path = path;
        this.found = new SubBufferPieces(ring);
        this.missed = new Missed(ring);
        this.base = ring.base();
        this.closedOnly = start == Beginning.UNREAD;
        this.position = Math.max(base, ring.oldestIntact(ring.reserve()));
        if (start == Beginning.NOW) {
            passOver();
        } else if (closedOnly) {
            passConsumed();
        }
        lookForMissed();
    }

    // What is settled in the open sub-buffer begins no record that could still be given back.
    private void passOver() {
        for (int i = 0; i < MAX_TRIES; i++) {
            long word = ring.reserve();
            position = ring.closedPosition(word);
            offset = geometry.isOpen(word) ? ring.openBytes(position) : 0;
            if (offset >= 0) {
                return;
            }
        }
        offset = 0;
    }

    private void passConsumed() {
        long consumed = ring.consumed();
        offset = position <= consumed ? ring.readOffset() : 0;
        position = Math.max(position, consumed);
    }

    /// {@return the sub-buffer that it is in; all before it have been passed}
    public long position() {
        return position;
    }

    /// {@return bytes that it has passed in that sub-buffer}
    public long offset() {
        return offset;
    }

    /// {@return the sub-buffer that the channel's readers are in: all before it may be used again}
    public long consumed() {
        return ring.consumed();
    }

    /// Hands over what comes next, without a copy: at most what is left of one sub-buffer.
    ///
    /// @param length at most so many bytes, 1 or more
    /// @param sink   looks at the bytes; not called when there are none. When it returns false, they come again
    /// @return how many it has taken; 0: there is nothing now, or it has taken nothing; or [#OVERWRITTEN]
    /// @throws IOException from the sink; the bytes come again
    /// @throws DamagedBufferException the shared memory is damaged
    public long look(long length, ReadySink sink) throws IOException {
        try {
            return lookAtOne(length, sink);
        } catch (InternalError fault) {
            if (ring.isShortened(path)) {
                throw ring.damage.found("a file was made shorter");
            }
            throw fault;
        }
    }

    private long lookAtOne(long length, ReadySink sink) throws IOException {
        // Empty ones are passed over, each at most once.
        for (int left = geometry.subBufferCount() + MAX_LAPPED; left > 0; left--) {
            keepUp();
            long fromPosition = position;
            long fromOffset = offset;
            long fromPassed = passed;
            boolean taken = false;
            try {
                boolean closed = gather(length);
                long total = found.total();
                taken = total == 0 || sink.accept(found.pieces(), found.count(), total);
                if (!ring.isIntact(fromPosition)) {
                    taken = false;
                    lapped++;
                    if (total > 0) {
                        return OVERWRITTEN;
                    }
                } else if (total > 0 || !closed) {
                    lapped = 0;
                    return taken ? total : 0;
                }
            } finally {
                if (!taken) {
                    position = fromPosition;
                    offset = fromOffset;
                    passed = fromPassed;
                }
            }
        }
        return 0;
    }

    // A reset throws away what was before it. What was overwritten is missed; who is overtaken again and again starts
    // further ahead, because the oldest is always the next to go.
    private void keepUp() {
        long begin = ring.base();
        if (begin != base) {
            base = begin;
            moveTo(begin, 0);
            missed.beginAgain();
        }
        moveTo(ring.oldestIntact(ring.reserve()), 1);
        if (closedOnly) {
            moveTo(ring.consumed(), 0);
        }
        if (lapped > MAX_LAPPED) {
            lapped = 0;
            moveTo(ring.delivered() - 1, 1);
        }
    }

    private void moveTo(long target, int counted) {
        if (position < target) {
            missedSubBuffers += counted * (target - position);
            position = target;
            offset = 0;
        }
    }

    /// Collects what one sub-buffer holds, and moves the cursor behind it.
    ///
    /// @return false when nothing can come after it now
    private boolean gather(long length) {
        found.clear();
        boolean closed = position < ring.delivered();
        long limit = 0;
        if (closed) {
            limit = ring.isWhole(position) ? ring.payload(position) : 0;
        } else if (!closedOnly || isFinalized()) {
            limit = ring.openBytes(position);
        }
        if (offset < limit) {
            long end = found.collect(position, offset, limit, length);
            passed += end - offset;
            offset = end;
        }
        if (closed && offset >= limit) {
            position++;
            offset = 0;
        }
        return closed;
    }

    /// Copies what comes next: at most what is left of one sub-buffer, so that with room for a whole one no record is
    /// divided. What is returned is certain.
    ///
    /// @param target where the bytes go
    /// @param to     offset of the first one there
    /// @param length at most so many, 1 or more
    /// @return how many; 0: there is nothing now
    /// @throws IndexOutOfBoundsException the range is not in the target
    /// @throws DamagedBufferException the shared memory is damaged
    public int read(MemorySegment target, long to, int length) {
        Objects.checkFromIndexSize(to, length, target.byteSize());
        ReadySink copier = (pieces, count, total) -> {
            found.copyTo(target, to);
            return true;
        };
        try {
            long read = OVERWRITTEN;
            for (int i = 0; i < MAX_TRIES && read == OVERWRITTEN; i++) {
                read = look(length, copier);
            }
            return (int) Math.max(0, read);
        } catch (IOException e) {
            throw new AssertionError("copying does no I/O", e);
        }
    }

    /// Looks whether there is something.
    ///
    /// @return true when [#read] would return bytes
    /// @throws DamagedBufferException the shared memory is damaged, or its owner says so
    public boolean hasMore() {
        if (finalized() == BufferHeader.DAMAGED) {
            throw ring.damage.found("its owner has found it damaged");
        }
        boolean[] any = {false};
        try {
            long looked = look(1, (all, count, total) -> {
                any[0] = true;
                return false;
            });
            return any[0] || looked == OVERWRITTEN;
        } catch (IOException e) {
            throw new AssertionError("a look does no I/O", e);
        }
    }

    private long finalized() {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET);
    }

    /// {@return true once the channel was closed, or resized: no more will come here}
    public boolean isFinalized() {
        long end = finalized();
        return end == BufferHeader.FINALIZED || end == BufferHeader.MOVED;
    }

    /// Looks whether everything was read that will ever come: of a channel that was closed. A record that is not
    /// finished a second after that is not waited for.
    ///
    /// @return true at the end
    /// @throws DamagedBufferException the shared memory is damaged
    public boolean isEnded() {
        // In this order: what is written before the end is there when the end is seen.
        if (!isFinalized() || hasMore()) {
            return false;
        }
        long word = ring.reserve();
        boolean isLast = position == geometry.position(word) && geometry.isOpen(word);
        long left = isLast ? geometry.offset(word) - offset : ring.closedPosition(word) - position;
        boolean settled = geometry.live(word) == 0 && left <= 0;
        if (waitsSinceNs == 0) {
            waitsSinceNs = System.nanoTime() | 1;
        }
        return settled || System.nanoTime() - waitsSinceNs > PATIENCE_NS;
    }

    /// {@return the sub-buffers that were overwritten before all of them was read, those that held nothing included}
    public long missedSubBuffers() {
        keepUp();
        return missedSubBuffers;
    }

    /// {@return the bytes that were overwritten before they were read, holes and headers included; exact when no writer
    /// is just switching sub-buffers, else as it was before}
    public long missedBytes() {
        lookForMissed();
        return missed.bytes();
    }

    /// {@return true when the sub-buffer that is still open holds records, finished or not}
    public boolean hasOpenRecords() {
        long word = ring.reserve();
        return geometry.isOpen(word) && geometry.offset(word) > geometry.headerLength();
    }

    /// {@return the counters of the buffer}
    ///
    /// @param cpu of the buffer
    public BufferStats stats(int cpu) {
        return BufferCounters.read(ring, cpu);
    }

    /// {@return how many records writers have lost since the buffer was made: refused because it was full, because
    /// they were too big or because somebody was in every sub-buffer, or given up}
    public long lostRecords() {
        return BufferCounters.lost(ring);
    }

    /// Counts what was in generations that are gone, between this one and a later one.
    ///
    /// @param later of the same CPU
    /// @return the bytes that were in them
    public long bytesBefore(Observation later) {
        long former = BufferHeader.wordVolatile(later.ring.region, BufferHeader.FORMER_BYTES_OFFSET);
        return Math.max(0, former - BufferCounters.allBytes(ring));
    }

    private void lookForMissed() {
        for (int i = 0; i < MAX_TRIES; i++) {
            keepUp();
            if (missed.look(position, offset, passed)) {
                return;
            }
        }
    }
}
