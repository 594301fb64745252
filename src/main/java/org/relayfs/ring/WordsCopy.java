package org.relayfs.ring;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.memory.ReadOnlyFile;

/// A private copy of the words of one buffer: whatever is judged by them was true at one moment, and nobody can change
/// it while it is looked at. For one thread.
///
/// Processes that still write see nothing of it, so the order of the copies stands in for the order in which a reader
/// loads: DELIVERED and CONSUMED, then RESERVE, then the announcements, then how sub-buffers were closed.
final class WordsCopy implements Closeable {
    private static final long REGION = ChannelHeader.SIZE;
    private static final long TABLE = REGION + BufferHeader.IN_FLIGHT_OFFSET;
    private static final long SUB_BUFFERS = REGION + BufferHeader.SUB_BUFFERS_OFFSET;
    private static final long RESERVE_LINE = 128;

    private final ReadOnlyFile meta;
    private final long offset;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment words;
    private final MemorySegment again;

    /// @param meta   the channel's
    /// @param offset of the buffer's region
    WordsCopy(ReadOnlyFile meta, long offset, Geometry geometry) {
        this.meta = meta;
        this.offset = offset;
        this.words = arena.allocate(REGION + BufferHeader.regionSize(geometry.subBufferCount()), Long.BYTES);
        this.again = arena.allocate(InFlightTable.SIZE + BufferHeader.IN_FLIGHT_OFFSET, Long.BYTES);
    }

    /// {@return the channel header and the region, as they were at the last look}
    MemorySegment words() {
        return words;
    }

    /// The result of a look.
    enum Look {
        /// The file ends before.
        TOO_SHORT,
        /// All was true at one moment.
        STILL,
        /// Somebody has written meanwhile: closed sub-buffers can be judged, and the open one.
        MOVING,
        /// Somebody has given back what he had reserved meanwhile: what is in the open sub-buffer cannot be judged.
        RETURNING
    }

    /// Copies all.
    Look take() throws IOException {
        boolean complete = copy(words, REGION, BufferHeader.IN_FLIGHT_OFFSET, offset)
                && copy(words, REGION, RESERVE_LINE, offset)
                && copy(words, 0, ChannelHeader.SIZE, 0)
                && copy(words, TABLE, InFlightTable.SIZE, offset + BufferHeader.IN_FLIGHT_OFFSET)
                && copy(words, SUB_BUFFERS, words.byteSize() - SUB_BUFFERS, offset + BufferHeader.SUB_BUFFERS_OFFSET)
                && copy(again, 0, again.byteSize(), offset);
        if (!complete) {
            return Look.TOO_SHORT;
        }
        if (differs(BufferHeader.RETURNED_OFFSET, Long.BYTES)) {
            return Look.RETURNING;
        }
        return differs(BufferHeader.RESERVE_OFFSET, Long.BYTES)
                        || differs(BufferHeader.IN_FLIGHT_OFFSET, InFlightTable.SIZE)
                ? Look.MOVING
                : Look.STILL;
    }

    private boolean differs(long at, long length) {
        return words.asSlice(REGION + at, length).mismatch(again.asSlice(at, length)) >= 0;
    }

    private boolean copy(MemorySegment target, long to, long length, long from) throws IOException {
        // What one call reads was there before what the next one reads; and the bytes of a sub-buffer, before the word
        // that tells whether a later lap has begun in it. pairs with: SubBufferSwitch.open
        VarHandle.fullFence();
        return meta.read(target.asSlice(to, length).asByteBuffer(), from);
    }

    /// {@return the reserve word as it is now; 0 when the file ends before}
    long reserveNow() throws IOException {
        if (!copy(again, 0, Long.BYTES, offset)) {
            return 0;
        }
        return BufferHeader.reserveVolatile(again.address());
    }

    @Override
    public void close() {
        arena.close();
    }
}
