package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventBytes;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.SampleMetadata;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.client.ChannelArguments;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.WaitSet;

/// The merge of the buffers of a channel that is being written, on a real mount. The bytes are events that the test has
/// made, so that it knows their times.
@MountTest
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LiveReportIT {
    private static final ChannelConfig CONFIG = ChannelConfig.of(65_536, 8);
    private static final EventFilter ALL =
            new EventFilter(List.of(), null, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null);

    @TempDir
    private Path folder;

    private final Told told = new Told();

    /// What was told, as `NUMBER` or `NUMBER late`.
    private static final class Told implements EventTarget {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long time, boolean isLate) {
            lines.add((step == EventStream.Step.EVENT ? stream.thread() : step) + (isLate ? " late" : ""));
        }

        @Override
        public void flush() {}

        @Override
        public boolean hasSeenDamage() {
            return false;
        }

        List<String> all() {
            return new ArrayList<>(lines);
        }
    }

    @BeforeEach
    void writeMetadata() throws Exception {
        CtfMetadata sample = SampleMetadata.of(CtfForm.RAW);
        CtfClock clock = CtfClock.monotonic(SampleMetadata.BOOT, 0, 1_700_000_000_000_000_000L);
        CtfMetadata metadata = new CtfMetadata(CtfForm.RAW, sample.environment(), clock, sample.types());
        Files.writeString(folder.resolve("metadata"), metadata.text());
    }

    private static ChannelFolder channel(TestMount mount) throws Exception {
        return ChannelArguments.of(List.of(mount.path().toString(), "app")).channel();
    }

    private ChannelReport report(ChannelSource source, Duration lateness) throws Exception {
        return new ChannelReport(folder, source, ALL, told, lateness);
    }

    private static void write(RelayChannel channel, int cpu, long timestamp, long number) {
        byte[] event = new EventBytes().text(timestamp, number, "x").raw();
        assertThat(channel.writeTo(cpu, MemorySegment.ofArray(event), 0, event.length))
                .isEqualTo(event.length);
    }

    private Future<Integer> follow(ExecutorService thread, TestMount mount, Duration lateness) throws Exception {
        WaitSet waits = new WaitSet();
        ChannelSource source = new TakenChannel(channel(mount), waits);
        ChannelReport report = report(source, lateness);
        return thread.submit(() -> StopSignal.runAsOthersDo(stop -> {
            try (waits;
                    source) {
                report.follow(stop);
                return 0;
            }
        }));
    }

    @Test
    void whatIsWrittenAlternatelyIsToldInOrder() throws Exception {
        try (TestMount mount = TestMount.open();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            Future<Integer> end = follow(thread, mount, Duration.ofSeconds(20));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                write(channel, i % 2, System.nanoTime(), i);
                expected.add(Integer.toString(i));
            }
            awaitReading(channel); // the files go with the channel
            channel.close();
            assertThat(end.get()).isZero();
            assertThat(told.all()).isEqualTo(expected);
        }
    }

    private static void awaitReading(RelayChannel channel) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (channel.stats().stream().mapToLong(BufferStats::bytesRead).sum() == 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    @Test
    void whatComesLateIsToldAndMarked() throws Exception {
        try (TestMount mount = TestMount.open();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            Future<Integer> end = follow(thread, mount, Duration.ofMillis(1));
            long time = System.nanoTime();
            write(channel, 0, time, 1);
            assertThat(told.lines.take()).isEqualTo("1");
            write(channel, 1, time - 1, 2);
            assertThat(told.lines.take()).isEqualTo("2 late");
            // A time that will never come keeps nobody waiting.
            write(channel, 0, time + 3_600_000_000_000L, 3);
            assertThat(told.lines.take()).isEqualTo("3");
            channel.close();
            assertThat(end.get()).isZero();
        }
    }

    @Test
    void whatIsThereIsTakenAndNoMore() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            long time = System.nanoTime();
            write(channel, 1, time + 1, 2);
            write(channel, 0, time, 1);
            try (WaitSet waits = new WaitSet();
                    ChannelSource source = new ObservedChannel(channel(mount), waits)) {
                report(source, Duration.ofMillis(1)).tellAll();
                assertThat(told.all()).containsExactly("1", "2");
                assertThat(source.remark()).isEmpty();
            }
            try (WaitSet waits = new WaitSet();
                    ChannelSource source = new TakenChannel(channel(mount), waits)) {
                report(source, Duration.ofMillis(1)).tellAll();
                report(source, Duration.ofMillis(1)).tellAll();
                assertThat(told.all()).containsExactly("1", "2", "1", "2");
            }
        }
    }

    @Test
    void afterTheEndOfTheLookTheEventIsWhole() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            // More than one look at a window takes, of events that are younger than the look.
            for (int i = 0; i < 20_000; i++) {
                write(channel, 0, Long.MAX_VALUE / 2 + i, i);
            }
            List<String> expected = new ArrayList<>();
            for (int look = 0; look < 200 && expected.size() < 20_000; look++) {
                try (WaitSet waits = new WaitSet();
                        ChannelSource source = new TakenChannel(channel(mount), waits)) {
                    report(source, Duration.ofMillis(1)).tellAll();
                }
                assertThat(told.lines.size()).isGreaterThan(expected.size());
                while (expected.size() < told.lines.size()) {
                    expected.add(Integer.toString(expected.size()));
                }
                assertThat(told.all()).isEqualTo(expected);
            }
            assertThat(expected).hasSize(20_000);
        }
    }
}
