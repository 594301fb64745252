package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.testing.Client;
import org.relayfs.testing.Programs;

/// A writer in C that dies after so many machine instructions of a record: the record is there, or it is not, or it is
/// a hole that is counted; nothing else is lost, and the buffer goes on to be used. Some of the instructions in each
/// build; every one: `-Dtest.jvm=-Drelayfs.step=1`.
class DeathAtEachStepIT {
    private static final int STEP = Integer.getInteger("relayfs.step", 331);
    private static final int SIZE = 32;
    private static final int COUNT = 3;
    private static final int MOST_STEPS = 100_000;

    /// Into the open sub-buffer, with a switch to the next, and with one that nobody could make: where it is full.
    @ParameterizedTest
    @CsvSource({"write, 8", "write, 28", "reserve, 8", "reserve, 28", "abort, 8"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whatIsLeftIsRepaired(String how, int filled) throws Exception {
        int step = new SplittableRandom(System.nanoTime()).nextInt(STEP);
        int rounds = 0;
        boolean died = true;
        try (Relay relay = Relay.create()) {
            for (; died && step < MOST_STEPS; step += STEP, rounds++) {
                try (RelayChannel channel =
                        relay.open("app", ChannelConfig.of(SIZE, COUNT).withGlobal(true))) {
                    channel.write(bytes("x".repeat(filled)));
                    died = dies(channel, how, step);
                    check(channel, how + " " + filled + ", step " + step, filled, how.equals("abort"));
                }
            }
        }
        System.out.printf(
                "%s, %d filled: killed %d times, the last at step %d%n", how, filled, rounds - 1, step - 2 * STEP);
        assertThat(died).isFalse();
    }

    private static boolean dies(RelayChannel channel, String how, int steps) throws Exception {
        try (Client writer =
                Client.start(Programs.c("stepped_writer"), channel.folder().toString(), how, "" + steps)) {
            int exit = writer.awaitEnd();
            assumeFalse(writer.errors().startsWith("ptrace: "), "no process may be traced here");
            assertThat(exit).as(writer::toString).isZero();
            return writer.output().equals("died\n");
        }
    }

    private static void check(RelayChannel channel, String what, int filled, boolean aborts) throws Exception {
        ChannelBuffer buffer = channel.buffers().getFirst();
        String before = "x".repeat(filled);
        assertThat(channel.write(bytes("after"))).as(what).isEqualTo(5);
        StringBuilder found = new StringBuilder();
        for (long end = System.nanoTime() + 10_000_000_000L;
                !found.toString().endsWith("after") && System.nanoTime() < end; ) {
            found.append(read(buffer));
            channel.flush();
        }
        BufferStats stats = buffer.stats();
        assertThat(found.toString()).as("%s: %s", what, stats).matches(before + "(whichone)?after");
        // What is aborted, and counted, is counted again if its writer dies before it leaves; what is behind it is
        // lost.
        int lost = aborts ? 3 : 1;
        assertThat(stats.abandoned()).as(what).isLessThanOrEqualTo(lost);
        assertThat(stats.abandonedBytes()).as(what).isLessThanOrEqualTo(8L * lost);
        // So is a sub-buffer, if its closer dies between two instructions.
        assertThat(stats.bytesWritten())
                .as("%s: %s", what, stats)
                .isBetween(found.length() - (aborts ? 8L : 0), found.length() + (long) filled);
        assertThat(stats.records()).as("%s: %s", what, stats).isEqualTo(found.length() == filled + 5 ? 2 : 3);
        assertThat(stats.lostBytes()).as("%s: %s", what, stats).isZero();
        for (int i = 0; i < 3 * COUNT; i++) {
            assertThat(channel.write(bytes("y".repeat(SIZE))))
                    .as("%s: %s", what, stats)
                    .isEqualTo(SIZE);
            assertThat(read(buffer)).as(what).isEqualTo("y".repeat(SIZE));
        }
        assertThat(buffer.stats().skipped()).as(what).isEqualTo(stats.skipped());
    }
}
