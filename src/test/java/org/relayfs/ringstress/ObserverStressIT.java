package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.reader.ChannelConsumer;
import org.relayfs.ringstress.Progress.Count;
import org.relayfs.testing.Client;
import org.relayfs.testing.TestMount;

/// Three observers of two processes, while threads of two processes write as fast as they can: each record is seen
/// whole and in order, or its bytes are counted as missed. For longer:
/// `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
class ObserverStressIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 1);
    private static final int ATTACHED_THREADS = 2;
    private static final int SIZE = 4096;
    private static final Pattern SUMMARY =
            Pattern.compile("CLOSED records (\\d+) bytes (\\d+) missed (\\d+) sub-buffers (\\d+)");

    @ParameterizedTest
    @EnumSource(ChannelMode.class)
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsSeenWholeOrCountedAsMissed(ChannelMode mode) throws Exception {
        ChannelConfig config = ChannelConfig.of(SIZE, 8).withMode(mode);
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("stress", config)) {
            Relay relay = mount.relay();
            Progress progress = Progress.open(relay.folder().resolve("progress"));
            try (Client writers = Client.startJava(
                            AttachedWriters.class,
                            "-Xmx64m",
                            "--",
                            channel.folder().toString(),
                            relay.folder().resolve("progress").toString(),
                            "1",
                            "" + ATTACHED_THREADS,
                            "false",
                            "1000",
                            "" + (SIZE + 1));
                    Client observers = Client.startJava(
                            Observing.class,
                            "-Xmx64m",
                            "--",
                            channel.folder().toString(),
                            "copy",
                            "0",
                            "look",
                            "100000")) {
                Client consumer = mode == ChannelMode.OVERWRITE ? null : consume(mount.file("stress"), Long.MAX_VALUE);
                Observing own = new Observing(channel.folder(), true, 0);
                Thread observing = Thread.ofPlatform().start(own);
                observers.awaitReady();
                writers.awaitReady();
                write(channel, writers, progress);
                channel.close();
                observing.join();
                long accepted = progress.sum(Count.ACCEPTED_BYTES);
                assertThat(channel.stats().stream()
                                .mapToLong(BufferStats::bytesWritten)
                                .sum())
                        .isEqualTo(accepted);
                if (consumer != null) {
                    try (consumer) {
                        String taken = consumer.awaitLine("taken ");
                        System.out.println(mode + ": " + taken);
                        assertThat(taken)
                                .endsWith("CLOSED records " + progress.sum(Count.ACCEPTED) + " bytes " + accepted);
                    }
                }
                for (String summary : List.of(own.summary(), observers.awaitLine(""), observers.awaitLine(""))) {
                    System.out.println(mode + ": accepted " + accepted + "; " + summary);
                    check(summary, accepted, progress.sum(Count.ACCEPTED));
                }
            }
        }
    }

    private static void check(String summary, long acceptedBytes, long acceptedRecords) {
        Matcher matcher = SUMMARY.matcher(summary);
        assertThat(matcher.matches()).as(summary).isTrue();
        long read = Long.parseLong(matcher.group(2));
        long missed = Long.parseLong(matcher.group(3));
        assertThat(read).isPositive();
        assertThat(read + missed).as(summary).isEqualTo(acceptedBytes);
        assertThat(missed == 0).isEqualTo(Long.parseLong(matcher.group(1)) == acceptedRecords);
    }

    private static Client consume(Object directory, long most) throws Exception {
        return Client.startJava(Consuming.class, "-Xmx64m", "--", directory.toString(), Long.toString(most))
                .awaitReady();
    }

    private static void write(RelayChannel channel, Client writers, Progress progress) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        StressWriter own = new StressWriter(
                StressWriter.targetOf(channel), 0, progress, false, 1000, SIZE + 1, () -> !ended.get());
        Thread writing = Thread.ofPlatform().start(own);
        writers.input().write('\n');
        writers.input().flush();
        Thread.sleep(SECONDS * 1000);
        ended.set(true);
        writing.join();
        writers.input().close();
        writers.awaitSuccess();
    }

    @Test
    @Timeout(60)
    void aSecondConsumerIsRefusedUntilTheFirstIsKilled() throws Exception {
        ChannelConfig config = ChannelConfig.of(SIZE, 8).withGlobal(true);
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("stress", config)) {
            byte[] record = new byte[64];
            for (int number = 0; number < 7; number++) {
                StressRecord.fill(record, 64, 0, number);
                assertThat(channel.write(record)).isEqualTo(64);
                channel.flush();
            }
            String directory = mount.file("stress").toString();
            try (Client first = consume(directory, 3)) {
                assertThat(first.awaitLine("taken ")).isEqualTo("taken 3 OPEN records 3 bytes 192");
                assertThatThrownBy(() -> ChannelConsumer.of(channel.folder(), channel::buffers))
                        .hasMessageContaining("another consumer has it");
                try (Client second = Client.startJava(Consuming.class, directory, "9")) {
                    assertThat(second.awaitLine("refused ")).contains("another consumer has it");
                }
            }
            assertThat(channel.buffers().getFirst().consumed()).isEqualTo(3);
            try (Client second = consume(directory, 4)) {
                assertThat(second.awaitLine("taken ")).isEqualTo("taken 4 OPEN records 4 bytes 256");
            }
            assertThat(channel.buffers().getFirst().consumed()).isEqualTo(7);
        }
    }
}
