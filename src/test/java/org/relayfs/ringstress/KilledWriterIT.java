package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.ring.RingBuffer;
import org.relayfs.testing.Client;

/// An attached process that is killed between reserve and commit, and one that only takes too long.
class KilledWriterIT {
    private static final int SIZE = 256;
    private static final int COUNT = 4;
    private static final int HOLE = 20;

    /// Reserves, and waits to be killed.
    static final class Victim {
        private Victim() {}

        /// Reserves.
        ///
        /// @param args the channel's folder
        public static void main(String[] args) throws IOException {
            AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]));
            channel.write("victim ".getBytes(StandardCharsets.US_ASCII));
            Reservation reservation = channel.newReservation();
            int length = channel.reserve(reservation, HOLE);
            reservation.putLong(0, 0x6464646464646464L);
            System.out.println("reserved " + length);
            while (System.in.read() >= 0) {
                // Until it is killed.
            }
        }
    }

    private static Client startVictim(RelayChannel channel) throws IOException, InterruptedException {
        Client process = Client.startJava(Victim.class, channel.folder().toString());
        process.awaitLine("reserved " + HOLE);
        return process;
    }

    private static void write(RelayChannel channel, String record) {
        assertThat(channel.write(record.getBytes(StandardCharsets.US_ASCII))).isEqualTo(record.length());
    }

    /// Polls as a reader does, each millisecond.
    private static String pollFor(ChannelBuffer buffer, long maxMs) throws InterruptedException {
        long end = System.nanoTime() + maxMs * 1_000_000;
        StringBuilder text = new StringBuilder(read(buffer));
        while (text.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(1);
            text.append(read(buffer));
        }
        return text.toString();
    }

    private static void assertUsable(RelayChannel channel, ChannelBuffer buffer) {
        long skipped = buffer.stats().skipped();
        for (int i = 0; i < 3 * COUNT; i++) {
            write(channel, String.valueOf((char) ('a' + i)).repeat(SIZE));
            assertThat(read(buffer)).hasSize(SIZE);
        }
        assertThat(buffer.stats().skipped()).isEqualTo(skipped);
    }

    @ParameterizedTest
    @EnumSource(ChannelMode.class)
    void theHoleOfAKilledProcessIsPassedOverWithinMoments(ChannelMode mode) throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(SIZE, COUNT).withGlobal(true).withMode(mode))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            write(channel, "before ");
            Client victim = startVictim(channel);
            write(channel, "after ");
            assertThat(pollFor(buffer, 100)).isEqualTo("before victim ");
            // It is alive: nobody gives up what it holds.
            assertThat(pollFor(buffer, 100)).isEmpty();
            victim.close();
            assertThat(pollFor(buffer, 5_000)).isEqualTo("after ");
            BufferStats stats = buffer.stats();
            assertThat(stats.abandoned()).isEqualTo(1);
            assertThat(stats.abandonedBytes()).isEqualTo(HOLE);
            assertThat(stats.records()).isEqualTo(3);
            assertThat(stats.bytesWritten()).isEqualTo(20);
            // For those who look through a mapping it is zero.
            assertThat(buffer.data().asSlice(14, HOLE).toArray(ValueLayout.JAVA_BYTE))
                    .containsOnly(0);
            assertUsable(channel, buffer);
        }
    }

    @Test
    void aFlightRecorderThatNobodyReadsUsesTheSubBufferAgain() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(SIZE, COUNT).withGlobal(true).withMode(ChannelMode.OVERWRITE))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            startVictim(channel).close();
            for (int i = 0; i < 5 * COUNT; i++) {
                write(channel, "x".repeat(SIZE));
            }
            assertThat(buffer.stats().skipped()).isPositive();
            assertThat(buffer.stats().straggler()).isZero();
            // The sweep comes with whoever looks.
            Thread.sleep(110);
            while (!read(buffer).isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(RingBuffer.of(buffer).giveUpStalled()).isFalse();
            assertUsable(channel, buffer);
        }
    }

    @Test
    void aStalledReservationIsGivenUpInTimeAndItsLateCommitIsHarmless() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(SIZE, COUNT).withGlobal(true).withAbandonAfterMs(50))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            write(channel, "before ");
            Reservation slow = channel.newReservation();
            assertThat(channel.reserve(slow, HOLE)).isEqualTo(HOLE);
            write(channel, "after ");
            assertThat(pollFor(buffer, 5_000)).isEqualTo("before ");
            assertThat(pollFor(buffer, 5_000)).isEqualTo("after ");
            assertThat(buffer.stats().abandoned()).isEqualTo(1);
            assertThat(buffer.stats().abandonedBytes()).isEqualTo(HOLE);
            for (int i = 0; i < 2 * COUNT; i++) {
                write(channel, "next" + i);
                channel.flush();
                assertThat(read(buffer)).isEqualTo("next" + i);
            }
            assertThat(buffer.stats().skipped()).isPositive();
            slow.putLong(0, -1);
            slow.commit();
            assertThat(read(buffer)).isEmpty();
            assertThat(buffer.stats().abandoned()).isEqualTo(1);
            assertUsable(channel, buffer);
        }
    }

    @Test
    void aProcessThatAttachesMayTakeThePlaceOfOneThatWasKilled() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel =
                        relay.open("app", ChannelConfig.of(SIZE, COUNT).withGlobal(true))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            startVictim(channel).close();
            assertThat(pollFor(buffer, 5_000)).isEqualTo("victim ");
            // Its place is free when nothing of it is in flight any more.
            while (buffer.stats().abandoned() == 0) {
                assertThat(pollFor(buffer, 1)).isEmpty();
            }
            // 127 places beside the owner's; one was the victim's.
            AttachedChannel[] attached = new AttachedChannel[127];
            for (int i = 0; i < attached.length; i++) {
                attached[i] = AttachedChannel.attach(channel.folder());
                assertThat(attached[i].write(new byte[] {1})).isEqualTo(1);
            }
            for (AttachedChannel each : attached) {
                each.close();
                assertThat(each.write(new byte[] {1})).isNegative();
            }
            assertThat(read(buffer)).hasSize(127);
        }
    }
}
