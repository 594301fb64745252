package org.relayfs.bench;

import java.util.Arrays;
import java.util.Locale;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;

/// Measures how long it takes to attach to a channel and write a record, in a JVM that has done so before, and for the
/// first time.
public final class AttachTime {
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 50;

    private AttachTime() {}

    /// Measures and prints a line.
    ///
    /// @param args none
    /// @throws Exception it cannot be measured
    public static void main(String[] args) throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("bench", ChannelConfig.of(65_536, 8));
            long first = attach(channel);
            for (int i = 1; i < WARM_UP; i++) {
                attach(channel);
            }
            long[] times = new long[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                times[i] = attach(channel);
            }
            Arrays.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "%nAttach, with one record: ms: first %.2f, then median %.2f, p99 %.2f (of %d)%n",
                    first / 1e6,
                    times[ROUNDS / 2] / 1e6,
                    times[ROUNDS * 99 / 100] / 1e6,
                    ROUNDS);
        }
    }

    private static long attach(RelayChannel channel) throws Exception {
        long start = System.nanoTime();
        try (AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
            if (attached.write(new byte[8]) != 8) {
                throw new IllegalStateException("the record was refused");
            }
            return System.nanoTime() - start;
        }
    }
}
