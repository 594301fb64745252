package org.relayfs.buffer;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;

/// Reads a buffer's counters. While writers are at work the values are taken one after the other; when nobody writes
/// they are exact.
final class BufferCounters {
    private static final int COUNTERS = 11;

    private BufferCounters() {}

    /// Makes the present values the new zero.
    static void startAgain(Ring ring) {
        for (int i = 0; i < COUNTERS; i++) {
            int counter = BufferHeader.CLOSED_BYTES_OFFSET + 8 * i;
            long value = BufferHeader.wordVolatile(ring.buffer, counter);
            if (counter == BufferHeader.RECORDS_OFFSET) {
                value += uncountedRecords(ring);
            }
            BufferHeader.wordOpaque(ring.buffer, BufferHeader.COUNTER_BASES_OFFSET + 8 * i, value);
        }
        BufferHeader.wordOpaque(
                ring.buffer,
                BufferHeader.PASSED_BYTES_BASE_OFFSET,
                BufferHeader.wordOpaque(ring.buffer, BufferHeader.PASSED_BYTES_OFFSET));
        BufferHeader.wordOpaque(
                ring.buffer,
                BufferHeader.READ_BYTES_BASE_OFFSET,
                BufferHeader.wordOpaque(ring.buffer, BufferHeader.READ_BYTES_OFFSET));
    }

    private static long counter(Ring ring, int offset) {
        int base = BufferHeader.COUNTER_BASES_OFFSET + offset - BufferHeader.CLOSED_BYTES_OFFSET;
        return BufferHeader.wordVolatile(ring.buffer, offset) - BufferHeader.wordOpaque(ring.buffer, base);
    }

    static BufferStats read(Ring ring, int cpu) {
        Geometry geometry = ring.geometry;
        long base = BufferHeader.wordOpaque(ring.buffer, BufferHeader.BASE_OFFSET);
        long consumed = ring.consumed();
        long delivered = ring.delivered();
        long word = ring.reserve();
        long closed = counter(ring, BufferHeader.CLOSED_BYTES_OFFSET);
        long passed = BufferHeader.wordOpaque(ring.buffer, BufferHeader.PASSED_BYTES_OFFSET)
                - BufferHeader.wordOpaque(ring.buffer, BufferHeader.PASSED_BYTES_BASE_OFFSET);
        long taken = BufferHeader.wordOpaque(ring.buffer, BufferHeader.READ_OFFSET_OFFSET);

        long first = Math.max(consumed, ring.oldestIntact(word));
        long partlyRead = first == consumed ? taken : 0;
        long ready = payloadBetween(ring, first, delivered);
        long pending = payloadBetween(ring, Math.max(first, delivered), ring.closedPosition(word));
        long open = geometry.isOpen(word) ? geometry.offset(word) : 0;
        long reserved = closed + open;
        long overwritten = Math.max(0, reserved - passed - (ready + pending + open - partlyRead));
        long abandonedBytes = counter(ring, BufferHeader.ABANDONED_BYTES_OFFSET);
        return new BufferStats(
                cpu,
                delivered - base,
                consumed - base,
                Math.max(0, first < delivered ? ready - partlyRead : 0),
                reserved - abandonedBytes,
                BufferHeader.wordOpaque(ring.buffer, BufferHeader.READ_BYTES_OFFSET)
                        - BufferHeader.wordOpaque(ring.buffer, BufferHeader.READ_BYTES_BASE_OFFSET),
                counter(ring, BufferHeader.RECORDS_OFFSET) + uncountedRecords(ring),
                counter(ring, BufferHeader.FULL_OFFSET),
                counter(ring, BufferHeader.BIG_OFFSET),
                counter(ring, BufferHeader.STRAGGLER_OFFSET),
                counter(ring, BufferHeader.FULL_BYTES_OFFSET)
                        + counter(ring, BufferHeader.BIG_BYTES_OFFSET)
                        + counter(ring, BufferHeader.STRAGGLER_BYTES_OFFSET),
                overwritten,
                counter(ring, BufferHeader.SKIPPED_OFFSET),
                counter(ring, BufferHeader.ABANDONED_OFFSET),
                abandonedBytes);
    }

    private static long payloadBetween(Ring ring, long from, long to) {
        long sum = 0;
        for (long position = from; position < to; position++) {
            sum += ring.payload(position);
        }
        return sum;
    }

    /// Records that were committed and that no deliverer has counted: those of sub-buffers still being written.
    private static long uncountedRecords(Ring ring) {
        Geometry geometry = ring.geometry;
        int openIndex = geometry.isOpen(ring.reserve()) ? geometry.index(ring.reserve()) : -1;
        long sum = 0;
        for (int index = 0; index < geometry.subBufferCount(); index++) {
            long commit = SubBufferTable.commitVolatile(ring.entry(index));
            boolean borrowed = index != openIndex && !geometry.isBalanced(commit);
            long records = geometry.uncountedRecords(borrowed ? commit + geometry.recordUnit() : commit);
            sum += geometry.isBorrowed(records) ? 0 : records;
        }
        return sum;
    }

    static long padding(Ring ring, int slot) {
        Geometry geometry = ring.geometry;
        long word = ring.reserve();
        int open = geometry.isOpen(word) ? geometry.index(word) : -1;
        long base = BufferHeader.wordOpaque(ring.buffer, BufferHeader.BASE_OFFSET);
        long info = SubBufferTable.infoVolatile(ring.entry(slot));
        boolean closedSinceReset = info >>> geometry.offsetBits() >= geometry.lapOf(base);
        if (slot == open || !closedSinceReset) {
            return 0;
        }
        long payload = info & geometry.offsetMask();
        return geometry.subBufferSize() - (payload <= geometry.subBufferSize() ? payload : 0);
    }
}
