package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.EventLog;
import org.relayfs.Events;
import org.relayfs.RelayChannel;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// `relayfs report` of events that threads of two processes have logged.
@MountTest
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class EventReportIT {
    private static final int EVENTS = 1000;
    private static final int WRITERS = 3;
    private static final ChannelConfig CONFIG = ChannelConfig.of(65_536, 16).withEvents(true);
    private static final EventType STEP = EventType.named("step")
            .field("writer", FieldKind.I64)
            .field("n", FieldKind.I64)
            .build();

    @TempDir
    private Path folder;

    /// Logs into the channel of another process.
    static final class Writer {
        private Writer() {}

        /// @param args the channel's folder, and its number
        public static void main(String[] args) throws IOException {
            try (AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]))) {
                log(channel.events(), Long.parseLong(args[1]));
            }
        }
    }

    private static void log(Events events, long writer) throws IOException {
        EventLog step = events.register(STEP);
        for (int n = 0; n < EVENTS; n++) {
            assertThat(step.log(writer, n)).isPositive();
        }
    }

    /// Two threads here, and one in another process.
    private static void logAll(RelayChannel channel) throws Exception {
        try (Client other = Client.startJava(Writer.class, channel.folder().toString(), "2")) {
            List<Thread> threads = new ArrayList<>();
            for (int writer = 0; writer < WRITERS - 1; writer++) {
                int number = writer;
                threads.add(Thread.ofPlatform().name("writer-" + writer).start(() -> {
                    try {
                        log(channel.events(), number);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            other.awaitSuccess();
        }
    }

    @Test
    void followsThreadsOfSeveralProcesses() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            try (Client report = Tool.start("report", "-f", "--lateness", "5", "--type", "step", mount.path(), "app")) {
                logAll(channel);
                assertThat(channel.stats().stream().mapToLong(stats -> stats.full() + stats.straggler()))
                        .containsOnly(0L);
                channel.close();
                report.awaitSuccess();
                List<String> lines = report.output().lines().toList();
                assertThat(report.errors()).isEmpty();
                assertThat(lines)
                        .hasSize(WRITERS * EVENTS)
                        .isSortedAccordingTo(Comparator.comparing(
                                line -> line.substring(0, "2026-12-24 18:30:00.123456789".length())));
                for (int writer = 0; writer < WRITERS; writer++) {
                    String mark = " step writer=" + writer + " n=";
                    assertThat(lines.stream()
                                    .filter(line -> line.contains(mark))
                                    .map(line -> line.substring(line.indexOf(mark) + mark.length())))
                            .hasSize(EVENTS)
                            .isSortedAccordingTo(Comparator.comparing(Integer::valueOf));
                }
            }
        }
    }

    private record Place(long time, int cpu, long position) {}

    /// What was told, in this order.
    private static final class Places implements EventTarget {
        final List<Place> places = new ArrayList<>();

        @Override
        public void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long time, boolean isLate) {
            assertThat(step).isEqualTo(EventStream.Step.EVENT);
            places.add(new Place(stream.timestamp(), stream.cpu(), stream.position()));
        }

        @Override
        public void flush() {}

        @Override
        public boolean hasSeenDamage() {
            return false;
        }
    }

    @Test
    void whatCatTakesIsInTheOrderOfASortAndAsBabeltraceHasIt() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            logAll(channel);
            Client.shell(
                    "cd \"$1\"/app; for f in cpu*[0-9] metadata; do cat $f > \"$2\"/$f; done", mount.path(), folder);
            Places told = new Places();
            EventFilter all = new EventFilter(List.of(), null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null);
            try (RecordingReport report = new RecordingReport(List.of(folder), all)) {
                report.tellInOrder(told);
            }
            mount.relay().open("plain", ChannelConfig.of(4096, 2));
            assertThat(Tool.refused(1, "report", mount.path(), "plain"))
                    .isEqualTo("relayfs: channel plain holds no events: it was created without format=events\n");
            assertThat(told.places)
                    .hasSizeGreaterThan(WRITERS * EVENTS)
                    .isSortedAccordingTo(Comparator.comparingLong(Place::time)
                            .thenComparingInt(Place::cpu)
                            .thenComparingLong(Place::position));
            assertThat(Tool.run("report", "--count", "--thread", "writer-1", folder))
                    .isEqualTo("TYPE  EVENTS\nstep    1000\n");
            Babeltrace.assumeReadsRawStreams();
            // Both print an event a line, with nine digits of the second.
            String times = "\"$1\" report --utc -t '*' \"$2\" | cut -c 18-29 | cksum;"
                    + "babeltrace2 --clock-gmt \"$2\" | cut -c 8-19 | cksum";
            String[] sums = Client.shell(times, Tool.LAUNCHER, folder).split("\n");
            assertThat(sums[0]).isEqualTo(sums[1]);
        }
    }
}
