package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;

/// The holes of a sub-buffer: bytes that were reserved and given up. Readers skip them.
final class Holes {
    private static final long LENGTH_MASK = 0xFFFFFFFFL;

    private final RingView ring;

    /// @param ring may be one that is only read from, unless a hole is to be marked
    Holes(RingView ring) {
        this.ring = ring;
    }

    /// Marks a hole; to be called before the lap can be complete, or read beyond the hole. Who reads before it, in a
    /// sub-buffer that is still open, sees a mark whole or not at all.
    ///
    /// @return false when the sub-buffer has as many holes as can be marked
    boolean mark(long lap, int index, long offset, long length) {
        long entry = ring.entry(index);
        for (int hole = 0; hole < SubBufferTable.HOLE_COUNT; hole++) {
            long taken = SubBufferTable.holeLapAcquire(entry, hole);
            if (Math.abs(taken) < lap + 1 && SubBufferTable.holeLapCompareAndSet(entry, hole, taken, -lap - 1)) {
                SubBufferTable.setHoleExtentOpaque(entry, hole, offset << 32 | length);
                SubBufferTable.setHoleLapRelease(entry, hole, lap + 1);
                return true;
            }
        }
        return false;
    }

    /// Sets the bytes of a hole to zero, for those who look through a mapping. Only when no writer can come back to
    /// it.
    void clear(int index, long offset, long length) {
        RecordCopy.zero(ring.address(index, offset), length);
    }

    /// Counts reservations that were given up.
    void count(long reservations, long bytes) {
        BufferHeader.counterGetAndAdd(ring.region, BufferHeader.ABANDONED_OFFSET, reservations);
        BufferHeader.counterGetAndAdd(ring.region, BufferHeader.ABANDONED_BYTES_OFFSET, bytes);
    }

    /// True while there cannot be a hole anywhere in the buffer.
    boolean none() {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.ABANDONED_OFFSET) == 0;
    }

    /// Where the first hole at or after `offset` begins; `limit` when there is none before it.
    long nextHole(long lap, int index, long offset, long limit) {
        long next = limit;
        for (int hole = 0; hole < SubBufferTable.HOLE_COUNT; hole++) {
            long extent = extent(lap, index, hole);
            long begin = extent >>> 32;
            if (extent != 0 && begin + (extent & LENGTH_MASK) > offset) {
                next = Math.min(next, Math.max(begin, offset));
            }
        }
        return next;
    }

    /// Where the hole ends that covers `offset`; `offset` when none does.
    long endOfHole(long lap, int index, long offset, long limit) {
        long entry = ring.entry(index);
        if (SubBufferTable.givenUpVolatile(entry) == ((lap + 1) << 1 | 1)) {
            return limit;
        }
        for (int hole = 0; hole < SubBufferTable.HOLE_COUNT; hole++) {
            long extent = extent(lap, index, hole);
            long begin = extent >>> 32;
            long end = begin + (extent & LENGTH_MASK);
            if (extent != 0 && begin <= offset && offset < end) {
                return Math.min(end, limit);
            }
        }
        return offset;
    }

    /// {@return how many of the bytes from `offset` to `limit` are in no hole}
    long outside(long lap, int index, long offset, long limit) {
        if (none()) {
            return Math.max(0, limit - offset);
        }
        long bytes = 0;
        for (long at = offset; at < limit; ) {
            long begin = endOfHole(lap, index, at, limit);
            at = nextHole(lap, index, begin, limit);
            bytes += at - begin;
        }
        return bytes;
    }

    private long extent(long lap, int index, int hole) {
        long entry = ring.entry(index);
        return SubBufferTable.holeLapAcquire(entry, hole) == lap + 1 ? SubBufferTable.holeExtentOpaque(entry, hole) : 0;
    }
}
