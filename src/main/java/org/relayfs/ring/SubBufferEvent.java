package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.InFlightTable;
import org.relayfs.linux.ThreadIds;
import org.relayfs.linux.WallClock;
import org.relayfs.memory.RecordCopy;

/// The event that each sub-buffer of a channel of events begins with. Its timestamp is that of the event which the
/// opener writes behind it: both were reserved by one CAS. The number of unused bytes is stored by opener and closer as
/// a [PaddingHeader] is, for the same reason.
record SubBufferEvent() implements SubBufferHeader {
    private static final int TRIES = 3;
    private static final long NARROW_NS = 500;
    private static final long NANOS = 1_000_000_000;

    @Override
    public int length() {
        return EventLayout.SUB_BUFFER_SIZE;
    }

    @Override
    public void write(Ring ring, long lap, int index, long inFlight) {
        store(ring, lap, index, InFlightTable.timeOpaque(inFlight));
        PaddingHeader.restore(ring, lap, index);
    }

    /// Stores one that says of no byte that it is unused.
    ///
    /// @param time of the event
    static void store(Ring ring, long lap, int index, long time) {
        long at = ring.address(index, 0);
        int payload = EventLayout.SUB_BUFFER_SIZE - EventLayout.HEADER_SIZE;
        long position = (lap - 1) * ring.geometry.subBufferCount() + index;
        RecordCopy.putLong(at, time);
        RecordCopy.putLong(
                at + EventLayout.WORD_OFFSET, EventLayout.word(EventLayout.SUB_BUFFER, payload, ThreadIds.current()));
        RecordCopy.putInt(at + EventLayout.UNUSED_OFFSET, 0);
        RecordCopy.putInt(
                at + EventLayout.CPU_OFFSET, (int) BufferHeader.wordOpaque(ring.region, BufferHeader.CPU_OFFSET));
        RecordCopy.putLong(at + EventLayout.POSITION_OFFSET, position);
        putClocks(at);
        put(ring, at, EventLayout.FULL_OFFSET, BufferHeader.REFUSED_OFFSET);
        put(ring, at, EventLayout.TOO_BIG_OFFSET, BufferHeader.BIG_OFFSET);
        put(ring, at, EventLayout.STRAGGLER_OFFSET, BufferHeader.STRAGGLER_OFFSET);
        put(ring, at, EventLayout.ABANDONED_OFFSET, BufferHeader.ABANDONED_OFFSET);
    }

    private static void put(Ring ring, long event, int offset, int counter) {
        RecordCopy.putLong(event + offset, BufferHeader.wordVolatile(ring.region, counter));
    }

    // Of some readings the one in which the least time passed. The 16 bytes that are to hold the two clocks are nobody
    // else's yet, and take what the system says, so that this needs no other memory.
    private static void putClocks(long event) {
        long target = event + EventLayout.MONOTONIC_OFFSET;
        long monotonic = 0;
        long realtime = 0;
        long narrowest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && narrowest > NARROW_NS; i++) {
            long before = System.nanoTime();
            WallClock.read(target);
            long width = System.nanoTime() - before;
            if (width < narrowest) {
                narrowest = width;
                monotonic = before + width / 2;
                realtime = RecordCopy.getLong(target) * NANOS + RecordCopy.getLong(target + Long.BYTES);
            }
        }
        RecordCopy.putLong(target, monotonic);
        RecordCopy.putLong(target + Long.BYTES, realtime);
    }
}
