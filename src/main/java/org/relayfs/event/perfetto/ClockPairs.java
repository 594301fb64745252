package org.relayfs.event.perfetto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.EventStream;

/// Pairs of CLOCK_MONOTONIC and the time of day at one moment, as sub-buffers tell them, one a second. The trace
/// has one CLOCK_MONOTONIC, that of the boot of its first event; events of other boots are put where their time of day
/// is.
final class ClockPairs {
    /// In the payload of the first event of a sub-buffer.
    private static final int MONOTONIC = 16;

    private static final int REALTIME = 24;

    private final PacketWriter packets;
    private UUID boot;
    private boolean hasPairs;
    private long offset;
    private long last;

    ClockPairs(PacketWriter packets) {
        this.packets = packets;
    }

    /// Takes what a stream is at.
    ///
    /// @param time     in nanoseconds since 1970
    /// @param hasClock whether it is the first event of a sub-buffer
    void take(EventStream stream, long time, boolean hasClock) throws IOException {
        CtfClock clock = stream.types().metadata().clock();
        boolean isFirst = boot == null;
        if (isFirst) {
            boot = clock.uuid();
            hasPairs = clock.name().equals("monotonic") && clock.frequency() == CtfClock.NANOSECONDS;
            offset = time - (clock.realtime(stream.timestamp()) - clock.realtime(0));
        }
        if (hasClock && hasPairs && clock.uuid().equals(boot)) {
            ByteBuffer payload = ByteBuffer.wrap(stream.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            long monotonic = payload.getLong(stream.payload() + MONOTONIC);
            if (isFirst || monotonic - last >= CtfClock.NANOSECONDS) {
                write(monotonic, payload.getLong(stream.payload() + REALTIME));
            }
        } else if (isFirst) {
            // Until a sub-buffer says more, the metadata's clock counts.
            write(monotonic(time), time);
        }
    }

    private void write(long monotonic, long realtime) throws IOException {
        last = monotonic;
        packets.clocks(monotonic, realtime);
    }

    /// {@return CLOCK_MONOTONIC at a time of day}
    long monotonic(long time) {
        return Math.max(0, time - offset);
    }
}
