package org.relayfs.ringstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.testing.Client;

/// Eight threads of three processes write numbered, checksummed records of random size for a second; nothing may
/// be lost, torn, doubled or out of order beyond what the counters say, exactly. Also on one CPU, and with processes
/// that are killed while they write. For longer: `-Dtest.jvm=-Drelayfs.stress.seconds=60`.
class RingStressIT {
    private static final long SECONDS = Long.getLong("relayfs.stress.seconds", 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-overwrite",
                "overwrite",
                "no-overwrite global pinned",
                "overwrite pinned",
                "no-overwrite kill",
                "overwrite kill",
            })
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyRecordIsAccountedFor(String variant) throws Exception {
        List<String> command = new ArrayList<>();
        if (variant.contains("pinned")) {
            assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "pinned: there is one CPU anyway");
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.addAll(Client.java(
                RingStress.class,
                Stream.concat(
                                Stream.of(
                                        "-Xmx512m",
                                        "--",
                                        Long.toString(variant.contains("pinned") ? Math.max(1, SECONDS / 2) : SECONDS)),
                                Stream.of(variant.split(" ")))
                        .toArray(String[]::new)));
        try (Client stress = Client.start(command)) {
            String output = stress.awaitSuccess(SECONDS + 120).output();
            System.out.println(variant + ": " + output.strip());
        }
    }

    /// More threads than CPUs, so that writers are preempted while they copy, and nobody reads: the others skip the
    /// sub-buffers that wait for them, and no record is refused.
    @Test
    void fourWritersOfAFlightRecorderLoseNothingToStragglers() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        LongAdder written = new LongAdder();
        try (Relay relay = Relay.create();
                RelayChannel channel =
                        relay.open("recorder", ChannelConfig.of(1 << 16, 8).withMode(ChannelMode.OVERWRITE))) {
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                byte[] record = new byte[8 << i];
                threads[i] = Thread.ofPlatform().start(() -> {
                    while (!ended.get()) {
                        if (channel.write(record) == record.length) {
                            written.increment();
                        }
                    }
                });
            }
            Thread.sleep(Math.max(1, SECONDS / 2) * 1000);
            ended.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            long records =
                    channel.stats().stream().mapToLong(BufferStats::records).sum();
            long skipped =
                    channel.stats().stream().mapToLong(BufferStats::skipped).sum();
            System.out.printf("flight recorder: %,d records, %,d sub-buffers skipped%n", records, skipped);
            assertThat(records).isEqualTo(written.sum()).isPositive();
            assertThat(channel.stats()).allMatch(stats -> stats.straggler() == 0 && stats.lostBytes() == 0);
        }
    }
}
