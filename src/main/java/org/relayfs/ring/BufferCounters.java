package org.relayfs.ring;

import org.relayfs.buffer.BufferStats;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;

/// The reading of a buffer's counters. While writers are active, the values are read one after the other; when
/// nobody writes, they are exact.
final class BufferCounters {
    private static final int COUNTERS = 10;

    private BufferCounters() {}

    /// Makes the records committed so far the new zero of that counter. Call it before the reset takes effect, so
    /// that no record written after the reset is counted.
    static void startRecordsAgain(Ring ring) {
        BufferHeader.setWordOpaque(ring.region, BufferHeader.RECORDS_BASE_OFFSET, ring.announced.records());
    }

    /// Makes the present values of the other counters the new zero.
    static void startOthersAgain(Ring ring) {
        for (int i = 0; i < COUNTERS; i++) {
            int counter = BufferHeader.CLOSED_BYTES_OFFSET + 8 * i;
            long value = BufferHeader.wordVolatile(ring.region, counter);
            BufferHeader.setWordOpaque(ring.region, base(counter), value);
        }
        BufferHeader.setWordOpaque(
                ring.region,
                BufferHeader.REFUSED_BASE_OFFSET,
                BufferHeader.wordVolatile(ring.region, BufferHeader.REFUSED_OFFSET));
        BufferHeader.setWordOpaque(
                ring.region,
                BufferHeader.PASSED_BYTES_BASE_OFFSET,
                BufferHeader.wordOpaque(ring.region, BufferHeader.PASSED_BYTES_OFFSET));
        BufferHeader.setWordOpaque(
                ring.region,
                BufferHeader.READ_BYTES_BASE_OFFSET,
                BufferHeader.wordOpaque(ring.region, BufferHeader.READ_BYTES_OFFSET));
    }

    private static int base(int counter) {
        return BufferHeader.COUNTER_BASES_OFFSET + counter - BufferHeader.CLOSED_BYTES_OFFSET;
    }

    private static long counter(RingView ring, int offset) {
        return BufferHeader.wordVolatile(ring.region, offset) - BufferHeader.wordOpaque(ring.region, base(offset));
    }

    /// {@return what is said of a buffer whose counters mean nothing any more}
    static BufferStats ofDamaged(int cpu) {
        return new BufferStats(cpu, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true);
    }

    /// {@return records refused as full, too big or straggler}
    static long dropped(RingView ring) {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.REFUSED_OFFSET)
                - BufferHeader.wordOpaque(ring.region, BufferHeader.REFUSED_BASE_OFFSET)
                + counter(ring, BufferHeader.BIG_OFFSET)
                + counter(ring, BufferHeader.STRAGGLER_OFFSET);
    }

    /// {@return the counters of two buffers of a CPU together}
    ///
    /// @param a of one, or null
    /// @param b of the other
    static BufferStats sum(BufferStats a, BufferStats b) {
        return a == null
                ? b
                : new BufferStats(
                        b.cpu(),
                        a.produced() + b.produced(),
                        a.consumed() + b.consumed(),
                        a.ready() + b.ready(),
                        a.bytesWritten() + b.bytesWritten(),
                        a.bytesRead() + b.bytesRead(),
                        a.records() + b.records(),
                        a.full() + b.full(),
                        a.big() + b.big(),
                        a.straggler() + b.straggler(),
                        a.lostBytes() + b.lostBytes(),
                        a.overwritten() + b.overwritten(),
                        a.skipped() + b.skipped(),
                        a.abandoned() + b.abandoned(),
                        a.abandonedBytes() + b.abandonedBytes(),
                        a.damaged() || b.damaged());
    }

    static BufferStats read(RingView ring, int cpu) {
        return read(ring, cpu, 0);
    }

    /// {@return the counters}
    ///
    /// @param uncounted bytes that were closed and overwritten, and that dead closers have not counted
    static BufferStats read(RingView ring, int cpu, long uncounted) {
        Geometry geometry = ring.geometry;
        long base = BufferHeader.wordOpaque(ring.region, BufferHeader.BASE_OFFSET);
        long consumed = ring.consumed();
        long delivered = ring.delivered();
        long word = ring.reserve();
        long closed = counter(ring, BufferHeader.CLOSED_BYTES_OFFSET);
        long passed = BufferHeader.wordOpaque(ring.region, BufferHeader.PASSED_BYTES_OFFSET)
                - BufferHeader.wordOpaque(ring.region, BufferHeader.PASSED_BYTES_BASE_OFFSET);
        long taken = ring.readOffset();

        long first = Math.max(consumed, ring.oldestIntact(word));
        long partlyRead = first == consumed ? taken : 0;
        long ready = payloadBetween(ring, first, delivered);
        long pending = payloadBetween(ring, Math.max(first, delivered), ring.closedPosition(word));
        long open = geometry.isOpen(word) ? geometry.offset(word) : 0;
        long reserved = closed + open + uncounted;
        long overwritten = Math.max(0, reserved - passed - (ready + pending + open - partlyRead));
        long abandonedBytes = counter(ring, BufferHeader.ABANDONED_BYTES_OFFSET);
        return new BufferStats(
                cpu,
                delivered - base,
                consumed - base,
                Math.max(0, first < delivered ? ready - partlyRead : 0),
                reserved - abandonedBytes,
                BufferHeader.wordOpaque(ring.region, BufferHeader.READ_BYTES_OFFSET)
                        - BufferHeader.wordOpaque(ring.region, BufferHeader.READ_BYTES_BASE_OFFSET),
                Math.max(0, records(ring)),
                counter(ring, BufferHeader.FULL_OFFSET),
                counter(ring, BufferHeader.BIG_OFFSET),
                counter(ring, BufferHeader.STRAGGLER_OFFSET),
                counter(ring, BufferHeader.FULL_BYTES_OFFSET)
                        + counter(ring, BufferHeader.BIG_BYTES_OFFSET)
                        + counter(ring, BufferHeader.STRAGGLER_BYTES_OFFSET),
                overwritten,
                counter(ring, BufferHeader.SKIPPED_OFFSET),
                counter(ring, BufferHeader.ABANDONED_OFFSET),
                abandonedBytes,
                false);
    }

    /// {@return payload bytes of closed sub-buffers, those of former generations included; to be relied on when that
    /// before this one was read to its end}
    static long allBytes(RingView ring) {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.FORMER_BYTES_OFFSET)
                + BufferHeader.wordVolatile(ring.region, BufferHeader.CLOSED_BYTES_OFFSET);
    }

    /// {@return how many records writers have lost since the buffer was made: refused because it was full, because
    /// they were too big or because somebody was in every sub-buffer, or given up}
    static long lost(RingView ring) {
        return BufferHeader.wordVolatile(ring.region, BufferHeader.REFUSED_OFFSET)
                + BufferHeader.wordVolatile(ring.region, BufferHeader.BIG_OFFSET)
                + BufferHeader.wordVolatile(ring.region, BufferHeader.STRAGGLER_OFFSET)
                + BufferHeader.wordVolatile(ring.region, BufferHeader.ABANDONED_OFFSET);
    }

    private static long payloadBetween(RingView ring, long from, long to) {
        long sum = 0;
        for (long position = from; position < to; position++) {
            sum += ring.payload(position);
        }
        return sum;
    }

    // Those committed before the last reset do not count.
    private static long records(RingView ring) {
        return ring.announced.records() - BufferHeader.wordOpaque(ring.region, BufferHeader.RECORDS_BASE_OFFSET);
    }

    static long padding(RingView ring, int slot) {
        Geometry geometry = ring.geometry;
        long word = ring.reserve();
        int open = geometry.isOpen(word) ? geometry.index(word) : -1;
        long base = BufferHeader.wordOpaque(ring.region, BufferHeader.BASE_OFFSET);
        long info = SubBufferTable.infoVolatile(ring.entry(slot));
        boolean closedSinceReset = info >>> geometry.offsetBits() >= geometry.lapOf(base);
        if (slot == open || !closedSinceReset) {
            return 0;
        }
        long payload = info & geometry.offsetMask();
        return geometry.subBufferSize() - (payload <= geometry.subBufferSize() ? payload : 0);
    }
}
