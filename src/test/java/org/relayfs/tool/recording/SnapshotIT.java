package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.reader.ChannelSnapshot;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// Snapshots of channels. `-Drelayfs.snapshots=1000` for the long run.
@MountTest
@Timeout(600)
final class SnapshotIT {
    private static final int SNAPSHOTS = Integer.getInteger("relayfs.snapshots", 10);
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(4096, 16).withEvents(true).withMode(ChannelMode.OVERWRITE);

    @TempDir
    private Path temp;

    @Test
    void eachUnderWritersAtFullSpeedIsATraceAndNobodyIsRefused() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong refused = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            for (int i = 0; i < 2; i++) {
                writers.add(Thread.ofPlatform().start(() -> {
                    byte[] record = bytes("as fast as it can");
                    while (!stop.get()) {
                        if (channel.write(record) < 0) {
                            refused.incrementAndGet();
                        }
                    }
                }));
            }
            try {
                for (int i = 0; i < SNAPSHOTS; i++) {
                    Path folder = temp.resolve("s" + i);
                    List<ChannelSnapshot.Copied> copied = ChannelSnapshot.write(channel.folder(), folder);
                    Babeltrace trace = Babeltrace.of(folder);
                    assertThat(copied).hasSize(channel.buffers().size());
                    assertThat(trace.lostEvents()).isZero();
                    long held = copied.stream()
                            .mapToLong(ChannelSnapshot.Copied::bytes)
                            .sum();
                    assertThat(trace.count("bytes") * (16 + 17) + trace.count("subbuffer") * 80)
                            .isEqualTo(held)
                            .isPositive();
                    assertThat(copied)
                            .filteredOn(one -> one.bytes() > 0)
                            .allSatisfy(one -> assertThat(one.oldest().orElseThrow())
                                    .isBeforeOrEqualTo(one.newest().orElseThrow()));
                }
            } finally {
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
            }
            assertThat(refused).hasValue(0);
        }
    }

    @Test
    void theCommandCopiesAndTakesNothing() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel events = mount.relay().open("app", CONFIG.withGlobal(true));
            RelayChannel records =
                    mount.relay().open("plain", ChannelConfig.of(4096, 4).withGlobal(true));
            events.write(bytes("one"));
            records.write(bytes("two"));
            Path out = temp.resolve("events");
            assertThat(Tool.run("snapshot", mount.path(), "app", "-o", out))
                    .containsPattern("cpu0 +99 +0 +\\d{4}-\\d\\d-\\d\\dT.*Z");
            assertThat(Babeltrace.of(out).count("bytes")).isEqualTo(1);
            assertThat(Tool.refused(ExitCode.USAGE, "snapshot", mount.path(), "app", "-o", out))
                    .contains("exists already");
            Tool.run("snapshot", mount.path(), "plain", "-o", temp.resolve("records"));
            assertThat(Files.readString(temp.resolve("records/cpu0"))).isEqualTo("two");
            assertThat(events.stats().getFirst().bytesRead()).isZero();
            assertThat(records.stats().getFirst().bytesRead()).isZero();
        }
    }
}
