package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.reader.ChannelSnapshot;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// Four JVMs of two threads log events of five types; each way to take them has each that was accepted, field by field,
/// as babeltrace2 reads it. `-Drelayfs.events=10000000` for the long run, which needs 3 GB below `java.io.tmpdir`.
@MountTest
@Timeout(1800)
final class EventProfileIT {
    private static final int PROCESSES = 4;
    private static final int WRITERS = PROCESSES * ProfileEvents.THREADS;
    private static final int EVENTS = Integer.getInteger("relayfs.events", 100_000);
    /// What is kept in memory is not more than that.
    private static final int KEPT = Math.min(EVENTS, 100_000);

    private static final String OUT = "out";
    private static final long PATIENCE_S = 900;
    private static final ChannelConfig CONFIG = ChannelConfig.of(65_536, 16).withEvents(true);

    @TempDir
    private Path temp;

    private final List<Client> writers = new ArrayList<>();
    private final List<BitSet> accepted = new ArrayList<>();

    /// Owns a channel that nothing is lost of.
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            RelayChannel channel = Relay.create()
                    .open(
                            "app",
                            ChannelConfig.of(65_536, 128)
                                    .withEvents(true)
                                    .withMode(ChannelMode.OVERWRITE)
                                    // Some machines have more CPUs than fit into a small /dev/shm.
                                    .withGlobal(Runtime.getRuntime().availableProcessors() > 4));
            System.out.println("folder " + channel.folder());
            Thread.currentThread().join();
        }
    }

    private void startWriters() throws Exception {
        for (int i = 0; i < WRITERS; i += ProfileEvents.THREADS) {
            writers.add(Client.startJava(ProfileEvents.Writer.class, Integer.toString(i), temp.toString()));
        }
    }

    private void logAll(Path channel, int events) throws Exception {
        for (Client writer : writers) {
            writer.input().write((channel + " " + events / WRITERS + "\n").getBytes(StandardCharsets.UTF_8));
            writer.input().flush();
        }
        for (Client writer : writers) {
            assertThat(writer.takeLine(TimeUnit.SECONDS.toMillis(PATIENCE_S)))
                    .as(writer::toString)
                    .isEqualTo("logged");
        }
        accepted.clear();
        for (int i = 0; i < WRITERS; i++) {
            accepted.add(BitSet.valueOf(Files.readAllBytes(temp.resolve("accepted" + i))));
        }
    }

    private static long lost(List<BufferStats> stats) {
        return stats.stream()
                .mapToLong(one -> one.full() + one.big() + one.straggler() + one.abandoned())
                .sum();
    }

    private static long records(List<BufferStats> stats) {
        return stats.stream().mapToLong(BufferStats::records).sum();
    }

    private long accepted() {
        return accepted.stream().mapToLong(BitSet::cardinality).sum();
    }

    /// Each accepted event is there once, with its fields and of one thread, and no other.
    private Babeltrace check(Path folder) throws Exception {
        BitSet[] seen = new BitSet[WRITERS];
        Map<Long, Integer> threads = new HashMap<>();
        long[] own = {0};
        Babeltrace trace = Babeltrace.scan(folder, PATIENCE_S, event -> {
            if (event.type().equals("subbuffer")) {
                own[0]++;
                return;
            }
            String[] fields = event.payload().split(", ", 3);
            int writer = Integer.parseInt(fields[0]);
            int n = Integer.parseInt(fields[1]);
            if (!event.type().equals(ProfileEvents.name(n))
                    || !event.payload().equals(ProfileEvents.payload(writer, n))) {
                assertThat(event.type() + ": " + event.payload())
                        .isEqualTo(ProfileEvents.name(n) + ": " + ProfileEvents.payload(writer, n));
            }
            seen[writer] = seen[writer] == null ? new BitSet() : seen[writer];
            if (seen[writer].get(n) || threads.merge(event.thread(), writer, (one, other) -> one) != writer) {
                throw new AssertionError("twice, or of another thread: " + event);
            }
            seen[writer].set(n);
        });
        for (int i = 0; i < WRITERS; i++) {
            assertThat(seen[i].equals(accepted.get(i))).as("writer " + i).isTrue();
        }
        try (Client counter = Client.start("babeltrace2", folder.toString(), "-c", "sink.utils.counter")) {
            counter.awaitSuccess(PATIENCE_S);
            assertThat(counter.output()
                            .replace(",", "")
                            .lines()
                            .map(String::strip)
                            .filter(line -> line.contains(" Event message")))
                    .last()
                    .asString()
                    .startsWith((accepted() + own[0]) + " ");
        }
        checkOrder(folder);
        return trace;
    }

    /// The merge is a sort by (time, cpu, position), and in each stream the time never falls.
    private static void checkOrder(Path folder) throws Exception {
        EventFilter all = new EventFilter(List.of(), null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null);
        Order order = new Order();
        try (RecordingReport report = new RecordingReport(List.of(folder), all)) {
            report.tellInOrder(order);
        }
        assertThat(order.events).isPositive();
    }

    private static final class Order implements EventTarget {
        private final Map<Integer, Long> positions = new HashMap<>();
        private long events;
        private long time = Long.MIN_VALUE;
        private int cpu;

        @Override
        public void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long at, boolean isLate) {
            if (step == EventStream.Step.LOSS) {
                return;
            }
            long before = positions.getOrDefault(stream.cpu(), -1L);
            boolean isNext = stream.timestamp() > time || (stream.timestamp() == time && stream.cpu() >= cpu);
            if (isLate || step != EventStream.Step.EVENT || !isNext || stream.position() < before) {
                throw new AssertionError(
                        "%s of cpu%d at %d, position %d, after %d, position %d, of cpu%d at %d, late: %s"
                                .formatted(
                                        step,
                                        stream.cpu(),
                                        stream.timestamp(),
                                        stream.position(),
                                        events,
                                        before,
                                        cpu,
                                        time,
                                        isLate));
            }
            positions.put(stream.cpu(), stream.position());
            time = stream.timestamp();
            cpu = stream.cpu();
            events++;
        }

        @Override
        public void flush() {}

        @Override
        public boolean hasSeenDamage() {
            return false;
        }
    }

    /// One test, for the time that it takes to start the writers.
    @Test
    void eachWayHasWhatWasAcceptedAndTellsTheRest() throws Exception {
        try {
            startWriters();
            record("--duration=1h");
            record("--mmap");
            record("--rotate-size=2M", "--rotate-count=1000");
            snapshotAndRecover();
            Babeltrace.assumeReadsRawStreams();
            cat();
        } finally {
            writers.forEach(Client::close);
        }
    }

    private void record(String... options) throws Exception {
        Path out = temp.resolve(OUT);
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            List<Object> arguments = new ArrayList<>(List.of("record", mount.path(), "app", "-o", out));
            arguments.addAll(List.of(options));
            List<BufferStats> stats;
            try (Client record = Tool.start(arguments.toArray())) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.exists(out.resolve("metadata")) || !record.isAlive());
                logAll(channel.folder(), EVENTS);
                stats = channel.stats();
                int code = record.signal("INT").awaitEnd(PATIENCE_S);
                assertThat(code).as(record::toString).isEqualTo(lost(stats) > 0 ? ExitCode.LOST : ExitCode.OK);
            }
            assertThat(records(stats)).isEqualTo(accepted());
            Babeltrace trace = check(out);
            assertThat(trace.lostEvents()).isEqualTo(lost(stats));
            assertThat(trace.lostPackets()).isZero();
        }
        tell(String.join(" ", options));
    }

    private void tell(String way) throws Exception {
        System.out.println(way + ": " + accepted() + " events accepted");
        Client.shell("rm -rf \"$1\"", temp.resolve(OUT));
    }

    private void cat() throws Exception {
        Path out = Files.createDirectory(temp.resolve(OUT));
        String cats = """
                cd "$1"/app
                while [ ! -e "$2.end" ]; do
                    for f in cpu*[0-9]; do cat $f >> "$2/$f"; done
                done
                for f in cpu*[0-9] metadata; do cat $f >> "$2/$f"; done
                """;
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            try (Client cat = Client.start("sh", "-ec", cats, "sh", mount.path().toString(), out.toString())) {
                logAll(channel.folder(), EVENTS);
                // What lies in an open sub-buffer may not be delivered yet.
                channel.flush();
                Files.createFile(temp.resolve(OUT + ".end"));
                cat.awaitSuccess(PATIENCE_S);
            }
            assertThat(records(channel.stats())).isEqualTo(accepted());
            check(out);
        }
        tell("cat");
    }

    private void snapshotAndRecover() throws Exception {
        try (Client owner = Client.startJava(Owner.class)) {
            Path folder = Path.of(owner.awaitLine("folder ").substring("folder ".length()));
            try {
                logAll(folder, KEPT);
                assertThat(accepted()).isEqualTo(KEPT);
                ChannelSnapshot.write(folder, temp.resolve("snapshot"));
                owner.signal("KILL").awaitEnd();
                Path out = temp.resolve("recovered");
                Tool.run("recover", folder, "-o", out);
                Path recovered = out.resolve(folder.getParent().getFileName()).resolve(folder.getFileName());
                for (Path trace : List.of(temp.resolve("snapshot"), recovered)) {
                    Babeltrace read = check(trace);
                    assertThat(read.lostEvents() + read.lostPackets()).isZero();
                }
            } finally {
                Client.shell("rm -r \"$1\"", folder.getParent());
            }
        }
    }
}
