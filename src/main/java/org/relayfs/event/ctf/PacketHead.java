package org.relayfs.event.ctf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What the first bytes of a packet say, but for its sizes.
///
/// @param cpu       whose events they are
/// @param begin     timestamp of the first event
/// @param end       timestamp of the last event
/// @param sequence  number of the packet: a gap are packets that are lost
/// @param discarded how many events the stream had lost until then
record PacketHead(int cpu, long begin, long end, long sequence, long discarded) {
    /// Bytes of it.
    static final int SIZE = 72;

    private static final int MAGIC = 0xC1FC1FC1;
    private static final int STREAM = 0;

    /// The same of a packet whose last event is another one.
    PacketHead until(long time) {
        return new PacketHead(cpu, begin, time, sequence, discarded);
    }

    /// That of a packet without events behind this one, in which nothing more is lost.
    PacketHead empty() {
        return new PacketHead(cpu, end, end, sequence, discarded);
    }

    /// Puts it.
    ///
    /// @param target  takes it at its position
    /// @param content bytes of the packet up to the end of its last event
    /// @param size    bytes of the packet
    void put(ByteBuffer target, long content, long size) {
        target.order(ByteOrder.LITTLE_ENDIAN);
        target.putInt(MAGIC).putInt(STREAM).putLong(cpu);
        target.putLong(begin).putLong(end);
        target.putLong(content * Byte.SIZE).putLong(size * Byte.SIZE);
        target.putLong(sequence).putLong(discarded).putLong(cpu);
    }
}
