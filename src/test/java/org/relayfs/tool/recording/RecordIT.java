package org.relayfs.tool.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.linux.CurrentUser;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// `record`.
@MountTest
final class RecordIT {
    private static final int RECORD_SIZE = 64;
    private static final int SUB_BUFFER_SIZE = 16384;
    private static final int PATIENCE_MS = 20_000;
    private static final ChannelConfig CONFIG = ChannelConfig.of(SUB_BUFFER_SIZE, 8);

    @TempDir
    private Path temp;

    /// Records of 64 bytes: a number, and bytes that follow from it.
    private static byte[] record(long number) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_SIZE).order(ByteOrder.nativeOrder());
        while (record.hasRemaining()) {
            record.putLong(number * 0x9E3779B97F4A7C15L + record.position());
        }
        return record.putLong(0, number).array();
    }

    private static long checkedNumber(ByteBuffer bytes) {
        byte[] found = new byte[RECORD_SIZE];
        bytes.get(found);
        long number = ByteBuffer.wrap(found).order(ByteOrder.nativeOrder()).getLong();
        assertThat(found).as("record %d", number).isEqualTo(record(number));
        return number;
    }

    /// Writes records until each is taken, from two threads.
    private static void writeAll(RelayChannel channel, int count) throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int first = i;
            writers.add(Thread.ofPlatform().start(() -> {
                for (int number = first; number < count; number += 2) {
                    while (channel.write(record(number)) < 0) {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread writer : writers) {
            assertThat(writer.join(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void assertHasAll(List<Long> numbers, long count) {
        assertThat(numbers.stream().sorted().toList())
                .isEqualTo(LongStream.range(0, count).boxed().toList());
    }

    private static List<Long> recordsIn(List<Path> files) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (Path file : files) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            while (bytes.hasRemaining()) {
                numbers.add(checkedNumber(bytes));
            }
        }
        return numbers;
    }

    /// Of a stream with padding headers.
    private static List<Long> recordsInSubBuffers(List<Path> files, int header) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (Path file : files) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
            while (bytes.hasRemaining()) {
                long padding = header == Integer.BYTES ? bytes.getInt() : bytes.getLong();
                // What is read of a sub-buffer that is still open has no padding yet.
                long end = Math.min(bytes.position() + SUB_BUFFER_SIZE - header - padding, bytes.limit());
                while (bytes.position() < end) {
                    numbers.add(checkedNumber(bytes));
                }
            }
        }
        return numbers;
    }

    private Client start(TestMount mount, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("record", mount.path(), "app", "-o", temp.resolve("out")));
        arguments.addAll(List.of(more));
        Client client = Tool.start(arguments.toArray());
        awaitFile(temp.resolve("out/cpu0"), client);
        return client;
    }

    private static void awaitFile(Path file, Client client) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!Files.exists(file)) {
            assertThat(client.isAlive() && System.nanoTime() - deadline < 0)
                    .as(client::toString)
                    .isTrue();
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void everyRecordIsInTheFileOfItsBuffer(String signal) throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", ChannelConfig.of(SUB_BUFFER_SIZE, 64));
            writeAll(channel, 100);
            try (Client record = start(mount)) {
                writeAllFrom100(channel);
                assertThat(record.signal(signal).awaitEnd())
                        .as(record::toString)
                        .isZero();
                assertThat(record.errors()).isEmpty();
                assertThat(record.output())
                        .containsPattern("all +\\d+ +" + 10_100 * RECORD_SIZE + " +\\d+ of 64")
                        .contains("lost: 0 records");
            }
            assertHasAll(recordsIn(files(temp.resolve("out"))), 10_100);
            assertThat(channel.buffers()).allMatch(buffer -> !buffer.hasData());
        }
    }

    private static void writeAllFrom100(RelayChannel channel) throws Exception {
        for (long number = 100; number < 10_100; number++) {
            while (channel.write(record(number)) < 0) {
                Thread.yield();
            }
            if (number % 500 == 0) {
                Thread.sleep(5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void mappedAndReadBytesAreTheSame(int header) throws Exception {
        try (TestMount mount = TestMount.open()) {
            byte[] read = recordOnce(mount, header, "read", "--force");
            byte[] mapped = recordOnce(mount, header, "mapped", "--mmap");
            // The sub-buffer that the last flush closes is empty but for its header. Read while it was open, that knows
            // no padding yet; and a read returns the header of the next one, too.
            int length = mapped.length - header;
            assertThat(length).isGreaterThan(SUB_BUFFER_SIZE);
            assertThat(read.length - mapped.length).isBetween(0, header);
            assertThat(Arrays.mismatch(mapped, 0, length, read, 0, length))
                    .as("first byte that differs")
                    .isEqualTo(-1);
        }
    }

    private byte[] recordOnce(TestMount mount, int header, String name, String option) throws Exception {
        RelayChannel channel = mount.relay().open(name, CONFIG.withGlobal(true).withPaddingHeader(header));
        for (int i = 0; i < 1000; i++) {
            channel.write(record(i), 0, 8 + i % 57);
        }
        channel.flush();
        try (Client record = Tool.start("record", mount.path(), name, "-o", temp.resolve(name), option)) {
            awaitFile(temp.resolve(name).resolve("cpu0"), record);
            record.signal("TERM").awaitSuccess();
        }
        return Files.readAllBytes(temp.resolve(name).resolve("cpu0"));
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 8", "CACHED, 4"})
    void mappedWhileWritersAreAtWork(MmapMode mode, int header) throws Exception {
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode))) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withPaddingHeader(header));
            try (Client record = start(mount, "--mmap")) {
                writeAll(channel, 60_000);
                // Writers that try again were refused before.
                assertThat(record.signal("INT").awaitEnd()).as(record::toString).isIn(ExitCode.OK, ExitCode.LOST);
            }
            assertHasAll(recordsInSubBuffers(files(temp.resolve("out")), header), 60_000);
        }
    }

    @Test
    void mappedTakesWhatIsLeftWhenTheChannelIsDestroyed() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withPaddingHeader(4));
            try (Client record = start(mount, "--mmap")) {
                writeAll(channel, 1000);
                channel.close();
                record.awaitSuccess();
            }
            assertHasAll(recordsInSubBuffers(files(temp.resolve("out")), 4), 1000);
        }
    }

    @Test
    void aResizedChannelIsRecordedOnUnlessByMapping() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", CONFIG.withGlobal(true).withPaddingHeader(8));
            try (Client record = start(mount, "--mmap")) {
                writeAll(channel, 1000);
                channel.resize(SUB_BUFFER_SIZE, 16);
                assertThat(record.awaitEnd()).as(record::toString).isEqualTo(ExitCode.SYSTEM);
                assertThat(record.errors()).contains("was resized").contains("without --mmap");
            }
            Files.delete(temp.resolve("out/cpu0"));
            try (Client record = start(mount)) {
                writeAll(channel, 1000);
                channel.resize(SUB_BUFFER_SIZE, 8);
                writeAll(channel, 1000);
                channel.close();
                record.awaitSuccess();
            }
            assertThat(channel.stats().getFirst().ready()).isZero();
        }
    }

    @Test
    void filesRotateBySizeAndCount() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            try (Client record = start(mount, "--rotate-size", "32K", "--rotate-count", "3")) {
                for (int i = 0; i < 20; i++) {
                    for (int j = 0; j < 100; j++) {
                        channel.write(record(100L * i + j));
                    }
                    channel.flush();
                    awaitRead(channel);
                }
                record.signal("INT").awaitSuccess();
            }
            // Five pieces of 100 records are 32,000 bytes.
            List<Path> files = files(temp.resolve("out"));
            assertThat(files).map(file -> file.getFileName().toString()).containsExactly("cpu0", "cpu0.2", "cpu0.3");
            for (Path file : files) {
                assertThat(Files.size(file)).isPositive().isLessThanOrEqualTo(32768);
            }
            List<Long> numbers = recordsIn(List.of(files.get(1), files.get(2), files.get(0)));
            assertThat(numbers)
                    .isEqualTo(LongStream.range(2000 - numbers.size(), 2000)
                            .boxed()
                            .toList());
        }
    }

    private static void awaitRead(RelayChannel channel) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (channel.buffers().getFirst().hasData()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.sleep(1);
        }
    }

    @Test
    void lossIsCountedSinceTheStartAndToldByTheExitCode() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            channel.write(new byte[SUB_BUFFER_SIZE + 1]);
            try (Client record = start(mount)) {
                awaitStarted(record);
                channel.write(new byte[SUB_BUFFER_SIZE + 2]);
                channel.write(new byte[SUB_BUFFER_SIZE + 3]);
                assertThat(record.signal("INT").awaitEnd()).isEqualTo(ExitCode.LOST);
                assertThat(record.output())
                        .contains("lost: 2 records (big 2), " + (2 * SUB_BUFFER_SIZE + 5) + " bytes");
            }
        }
    }

    /// The file of a buffer is made after the counters were read for the first time.
    private static void awaitStarted(Client record) throws Exception {
        Thread.sleep(100);
        assertThat(record.isAlive()).isTrue();
    }

    @Test
    void overwrittenBytesAreLost() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", CONFIG.withGlobal(true).withMode(ChannelMode.OVERWRITE));
            try (Client record = start(mount)) {
                awaitStarted(record);
                record.signal("STOP");
                for (int i = 0; i < 10_000; i++) {
                    channel.write(record(i));
                }
                record.signal("CONT").signal("INT");
                assertThat(record.awaitEnd()).as(record::toString).isEqualTo(ExitCode.LOST);
                long recorded = Files.size(temp.resolve("out/cpu0"));
                assertThat(recorded).isLessThanOrEqualTo(8L * SUB_BUFFER_SIZE);
                assertThat(record.output())
                        .contains("lost: 0 records; " + (10_000L * RECORD_SIZE - recorded) + " bytes overwritten");
            }
        }
    }

    @Test
    void endsWhenTheChannelIsDestroyed() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            try (Client record = start(mount)) {
                writeAll(channel, 1000);
                Tool.run("destroy", mount.path(), "app");
                mount.relay().open("app", CONFIG).write(record(1));
                record.awaitSuccess();
            }
            assertHasAll(recordsIn(files(temp.resolve("out"))), 1000);
        }
    }

    @Test
    void progressIsForTerminals() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            String arguments = "record " + mount.path() + " app -o " + temp.resolve("out");
            try (Client terminal = Tool.onTerminal(arguments)) {
                awaitFile(temp.resolve("out/cpu0"), terminal);
                writeAll(channel, 100);
                awaitRead(channel);
                await().untilAsserted(() -> assertThat(terminal.output())
                        .containsPattern("\r[1-9]\\d* s  6\\.3K  \\S+/s  backlog 0 of 8  lost 0\033\\[K"));
                channel.close();
                terminal.awaitSuccess();
                assertThat(terminal.output()).contains("lost: 0 records");
            }
        }
    }

    @Test
    void anEarlierRecordingIsReplacedByForceOnly() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withGlobal(true));
            Path folder = Files.createDirectory(temp.resolve("out"));
            Files.writeString(folder.resolve("cpu0.7"), "earlier");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", folder))
                    .contains(folder + "/cpu0.7 exists already");
            try (Client record = start(mount, "--force")) {
                channel.close();
                record.awaitSuccess();
            }
            assertThat(files(folder)).containsExactly(folder.resolve("cpu0"));
        }
    }

    @Test
    void whatCannotWorkIsRefused() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", CONFIG);
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app"))
                    .contains("--output=OUTDIR");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", temp, "--mmap"))
                    .contains("header=none, limit=mode=no-overwrite and header=padding or padding4");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", temp, "--rotate-count=2"))
                    .contains("with --rotate-size");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", "/proc/nowhere"))
                    .contains("/proc/nowhere");
            assertThat(mount.relay().channel("app").orElseThrow().isEnabled()).isTrue();
        }
    }

    /// Field case 19: what is taken from the buffers is on the disk, or is counted and named.
    @ParameterizedTest
    @ValueSource(strings = {"", "--mmap"})
    void aFullDiskIsToldAndTakesNothingMore(String option) throws Exception {
        assumeTrue(CurrentUser.isRoot(), "only root can mount a small disk");
        Path disk = Files.createDirectory(temp.resolve("out"));
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay()
                    .open(
                            "app",
                            ChannelConfig.of(SUB_BUFFER_SIZE, 32)
                                    .withGlobal(true)
                                    .withPaddingHeader(8));
            int count = 0;
            while (count < 4000 && channel.write(record(count)) > 0) {
                count++;
            }
            // The folder of the disk outlives the command, and with it what the command has written.
            String script = "mount -t tmpfs -o size=64k tmpfs \"$1\"; \"$2\" record \"$3\" app -o \"$1\" $4; code=$?;"
                    + " echo size $(stat -c %s \"$1/cpu0\"); exit $code";
            try (Client record = Client.start(
                    "unshare",
                    "-m",
                    "sh",
                    "-c",
                    script,
                    "sh",
                    disk.toString(),
                    Tool.LAUNCHER,
                    mount.path().toString(),
                    option)) {
                assertThat(record.awaitEnd()).as(record::toString).isEqualTo(ExitCode.SYSTEM);
                assertThat(record.errors())
                        .contains(disk + "/cpu0: No space left on device")
                        .hasLineCount(1);
                long size = Long.parseLong(record.awaitLine("size ").substring("size ".length()));
                assertThat(size).isPositive().isLessThanOrEqualTo(65536);
                assertThat(record.output()).containsPattern("all +\\d+ +" + size + " ");
                long taken = option.isEmpty()
                        ? channel.stats().getFirst().bytesRead()
                        : channel.stats().getFirst().consumed() * SUB_BUFFER_SIZE;
                assertThat(taken).isPositive().isLessThanOrEqualTo(size);
                assertThat(size - taken).isLessThan(SUB_BUFFER_SIZE);
            }
        }
    }

    /// Field case 19: the limit of a file holds, whatever a read brings.
    @Test
    void noFileGrowsBeyondTheLimit() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay()
                    .open("app", ChannelConfig.of(SUB_BUFFER_SIZE, 16).withGlobal(true));
            for (int i = 0; i < 4000; i++) {
                channel.write(record(i));
            }
            try (Client record = start(mount, "-s", "16100")) {
                channel.close();
                record.awaitSuccess();
            }
            List<Path> files = files(temp.resolve("out"));
            byte[] all = new byte[4000 * RECORD_SIZE];
            int length = 0;
            for (int i = 1; i <= files.size(); i++) {
                Path file = temp.resolve(i < files.size() ? "out/cpu0." + i : "out/cpu0");
                byte[] part = Files.readAllBytes(file);
                assertThat(part.length).as("%s", file).isBetween(1, 16100);
                System.arraycopy(part, 0, all, length, part.length);
                length += part.length;
            }
            assertThat(length).isEqualTo(all.length);
            ByteBuffer bytes = ByteBuffer.wrap(all);
            for (int i = 0; i < 4000; i++) {
                assertThat(checkedNumber(bytes)).isEqualTo(i);
            }
            mount.relay().open("padded", CONFIG.withPaddingHeader(4));
            assertThat(Tool.refused(
                            ExitCode.USAGE,
                            "record",
                            mount.path(),
                            "padded",
                            "-o",
                            temp.resolve("no"),
                            "-m",
                            "-s",
                            "16000"))
                    .contains("--rotate-size=16000, limit=16384 or more with --mmap");
        }
    }

    /// Field case 19: a script's background job ignores SIGINT, and blktrace's habit is to end it so.
    @Test
    void anInterruptEndsTheBackgroundJobOfAScript() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", CONFIG.withGlobal(true)).write(record(0));
            String script = "\"$1\" record \"$2\" app -o \"$3\" & "
                    + "until [ -s \"$3/cpu0\" ]; do sleep 0.1; done; kill -INT $!; wait $!; echo ended with $?";
            assertThat(Client.shell(script, Tool.LAUNCHER, mount.path(), temp.resolve("out")))
                    .contains("lost: 0 records")
                    .contains("ended with 0");
        }
    }

    /// Field case 24.
    @Test
    void aDurationEndsIt() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", CONFIG.withGlobal(true)).write(record(0));
            long before = System.nanoTime();
            String said = Tool.run("record", mount.path(), "app", "-o", temp.resolve("out"), "--duration", "1.5s");
            assertThat(System.nanoTime() - before).isGreaterThan(1_500_000_000L);
            assertThat(said).contains("lost: 0 records").containsPattern("time: [12]\\.\\d s");
            assertThat(Files.size(temp.resolve("out/cpu0"))).isEqualTo(RECORD_SIZE);
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "app", "-o", temp, "-d", "soon"))
                    .contains("'soon' is no time");
        }
    }
}
