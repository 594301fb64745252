package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relayfs.testing.Text.bytes;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.ctf.PacketsOf;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// `record` of a channel of events makes a trace that babeltrace2 reads.
@MountTest
@Timeout(120)
final class RecordEventsIT {
    private static final int SUB_BUFFER_SIZE = 4096;
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(SUB_BUFFER_SIZE, 8).withEvents(true);

    @TempDir
    private Path temp;

    private Path out() {
        return temp.resolve("out");
    }

    private Client start(TestMount mount, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("record", mount.path(), "app", "-o", out(), "--force"));
        arguments.addAll(List.of(more));
        Client client = Tool.start(arguments.toArray());
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(out().resolve("cpu0")) || !client.isAlive());
        assertThat(client.isAlive()).as(client::toString).isTrue();
        return client;
    }

    /// Writes from two threads, and goes on whether the records are taken or not.
    private static void write(RelayChannel channel, int count) throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            writers.add(Thread.ofPlatform().start(() -> {
                for (int number = 0; number < count; number++) {
                    channel.write(bytes("number " + number));
                }
            }));
        }
        for (Thread writer : writers) {
            assertThat(writer.join(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static long sum(RelayChannel channel, ToLongFunction<BufferStats> of) {
        return channel.stats().stream().mapToLong(of).sum();
    }

    private static long lost(RelayChannel channel) {
        return sum(channel, stats -> stats.full() + stats.big() + stats.straggler() + stats.abandoned());
    }

    @ParameterizedTest
    @CsvSource({"--duration=1h, false", "--mmap, true"})
    void everyEventIsThereAndWhatWasLostIsCounted(String option, boolean destroyed) throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            try (Client record = start(mount, option)) {
                write(channel, 20_000);
                // The last losses have no event behind them that tells of them.
                record.signal("STOP");
                write(channel, 2_000);
                channel.write(new byte[SUB_BUFFER_SIZE]);
                long accepted = sum(channel, BufferStats::records);
                long lost = lost(channel);
                record.signal("CONT");
                if (destroyed) {
                    channel.close();
                } else {
                    record.signal("INT");
                }
                int code = record.awaitEnd();
                // It may not have seen the last counters of a channel that is destroyed.
                assertThat(code).as(record::toString).isIn(ExitCode.LOST, destroyed ? ExitCode.OK : ExitCode.LOST);
                assertThat(record.errors()).isEmpty();
                Babeltrace trace = Babeltrace.of(out());
                assertThat(trace.count("bytes")).isEqualTo(accepted);
                assertThat(trace.lostEvents()).isEqualTo(lost).isPositive();
                assertThat(trace.lostPackets()).isZero();
            }
        }
    }

    @Test
    void whatWasOverwrittenIsMissingPackets() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", CONFIG.withGlobal(true).withMode(ChannelMode.OVERWRITE));
            channel.write(bytes("first"));
            try (Client record = start(mount)) {
                await().until(() -> !channel.buffers().getFirst().hasData());
                record.signal("STOP");
                write(channel, 10_000);
                record.signal("CONT").signal("INT");
                assertThat(record.awaitEnd()).as(record::toString).isEqualTo(ExitCode.LOST);
            }
            Babeltrace trace = Babeltrace.of(out());
            long produced = channel.stats().getFirst().produced();
            assertThat(trace.lostPackets()).isPositive();
            assertThat(trace.count("subbuffer") + trace.lostPackets()).isEqualTo(produced + 1);
            assertThat(trace.lostEvents()).isZero();
        }
    }

    @Test
    void keptFilesAreATraceAndEachIsOne() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            try (Client record = start(mount, "--rotate-size", "16K", "--rotate-count", "3")) {
                for (int number = 0; number < 3_000; number++) {
                    while (channel.write(bytes("number " + number)) < 0) {
                        Thread.onSpinWait();
                    }
                }
                assertThat(record.signal("INT").awaitEnd()).isIn(ExitCode.OK, ExitCode.LOST);
            }
            List<Path> files = files();
            assertThat(files).hasSize(4);
            for (Path file : files.subList(0, 3)) {
                assertThat(Files.size(file)).isPositive().isLessThanOrEqualTo(16384);
            }
            Babeltrace all = Babeltrace.of(out());
            assertThat(all.count("bytes")).isGreaterThan(200);
            Files.delete(files.get(0));
            Files.delete(files.get(1));
            assertThat(Babeltrace.of(out()).count("bytes")).isPositive();
            assertThat(all.lostPackets()).isZero();
        }
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(out())) {
            return files.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--duration=1h", "--mmap"})
    void whoeverKillsItHasATraceUpToTheLastWholeEvent(String option) throws Exception {
        int kills = Integer.getInteger("relayfs.record.kills", 1);
        for (int kill = 0; kill < kills; kill++) {
            try (TestMount mount = TestMount.open()) {
                RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
                try (Client record = start(mount, option, "--rotate-size", "64K")) {
                    write(channel, 2_000 + 3_000 * kill);
                    // While files change their names, one of them may be missing.
                    await().ignoreException(NoSuchFileException.class)
                            .until(() -> Files.size(out().resolve("cpu0")) > 0);
                    record.signal("KILL").awaitEnd();
                }
                Babeltrace trace = Babeltrace.of(out());
                assertThat(trace.count("bytes")).isPositive();
            }
            Client.shell("rm -r \"$1\"", out());
        }
    }

    @Test
    void aResizedChannelIsOneTrace() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            try (Client record = start(mount)) {
                write(channel, 2_000);
                channel.resize(2 * SUB_BUFFER_SIZE, 4);
                write(channel, 2_000);
                channel.resize(SUB_BUFFER_SIZE, 16);
                write(channel, 10);
                assertThat(record.signal("INT").awaitEnd()).isIn(ExitCode.OK, ExitCode.LOST);
            }
            Babeltrace trace = Babeltrace.of(out());
            assertThat(trace.count("bytes")).isEqualTo(sum(channel, BufferStats::records));
            // Not those after the last sub-buffer of an old buffer.
            assertThat(trace.lostEvents()).isBetween(0L, lost(channel));
            assertThat(trace.lostPackets()).isZero();
        }
    }

    private List<RawEvents.Event> recorded() throws Exception {
        byte[] file = Files.readAllBytes(out().resolve("cpu0"));
        return RawEvents.parse(PacketsOf.events(PacketsOf.file(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--duration=1h", "--mmap"})
    void typesThatAreRegisteredMeanwhileAreDescribed(String option) throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            try (Client record = start(mount, option)) {
                for (int i = 0; i < 3; i++) {
                    channel.events()
                            .register(EventType.named("type" + i)
                                    .field("value", FieldKind.I64)
                                    .build())
                            .log(40 + i);
                    channel.flush();
                    int id = 16 + i;
                    await().untilAsserted(() -> assertThat(recorded())
                            .extracting(RawEvents.Event::id)
                            .contains(id));
                    assertThat(Files.readString(out().resolve("metadata"))).contains("\"type" + i + '"');
                }
                record.signal("INT").awaitSuccess();
            }
            assertThat(Babeltrace.of(out()).events().stream()
                            .filter(event -> event.type().startsWith("type"))
                            .map(event -> event.type() + event.payload()))
                    .containsExactly("type040", "type141", "type242");
        }
    }

    @Test
    void aFileThatCannotHoldAPacketIsRefused() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", CONFIG);
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", temp.resolve("x"), "-s", "4K"))
                    .contains("--rotate-size=4096, limit=4352 or more with format=events");
        }
    }
}
