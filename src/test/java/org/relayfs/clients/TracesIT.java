package org.relayfs.clients;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.linux.Cpus;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// The programs that were written for relay, call by call (`src/test/c`), each against channels that several
/// threads fill: every record arrives whole, once, and in order on each CPU.
@MountTest
final class TracesIT {
    private static final int THREADS = 4;
    private static final int MAX_RECORD = 400;
    private static final int S = 16384;
    private static final int N = 4;

    @TempDir
    private Path temp;

    private String out() {
        return temp.resolve("out").toString();
    }

    private static List<Path> outputs(Path folder, String prefix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private void assertAllArrived(String prefix, int records) throws IOException {
        assertAllArrived(temp, prefix, records);
    }

    private static void assertAllArrived(Path folder, String prefix, int records) throws IOException {
        NumberedRecords check = new NumberedRecords(THREADS, records);
        for (Path file : outputs(folder, prefix)) {
            check.addStream(Files.readAllBytes(file));
        }
        check.assertComplete();
    }

    @Test
    void blktraceReadsSeveralDevicesIntoMappedFiles() throws Exception {
        int records = 25_000;
        try (TestMount mount = TestMount.open();
                Client client = Client.start(
                        Programs.c("blktrace_loop"), mount.file(""), "" + S, "" + N, temp + "/", "sda", "sdb");
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            client.awaitReadyOnErrors();
            writers.start(mount.awaitChannel("sda"), THREADS, records);
            writers.start(mount.awaitChannel("sdb"), THREADS, records);
            long refused = writers.await();
            client.signal("INT").awaitSuccess();
            assertAllArrived("sda", records);
            assertAllArrived("sdb", records);
            assertThat(droppedOf(client.errors())).isEqualTo(refused);
            assertThat(mount.relay().channels()).isEmpty();
        }
    }

    private static long droppedOf(String text) {
        return text.lines()
                .filter(line -> line.startsWith("dropped "))
                .mapToLong(line -> Long.parseLong(line.substring(8)))
                .sum();
    }

    @Test
    void blktraceToAPipeGetsWhatIsInOpenSubBuffersWithoutAFlush() throws Exception {
        try (TestMount mount = TestMount.open();
                Client client = Client.start(Programs.c("blktrace_loop"), mount.file(""), "" + S, "" + N, "-", "sda");
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, 100)) {
            client.awaitReadyOnErrors();
            writers.start(mount.awaitChannel("sda"), THREADS, 5).await();
            NumberedRecords check = NumberedRecords.ofMerged(THREADS, 5);
            long deadline = System.nanoTime() + 10_000_000_000L;
            int arrived = 0;
            while (arrived < THREADS * 5 && System.nanoTime() - deadline < 0) {
                Thread.sleep(20);
                arrived = countOf(client.outputBytes());
            }
            // What `disable` has flushed at the start, and nothing since.
            assertThat(mount.awaitChannel("sda").stats()).allMatch(stats -> stats.produced() == 1);
            check.addPart(client.outputBytes());
            check.assertComplete();
            client.signal("INT").awaitSuccess();
        }
    }

    private static int countOf(byte[] stream) {
        return NumberedRecords.ofMerged(THREADS, 5).addPart(stream);
    }

    @Test
    void blktraceToAPipe() throws Exception {
        int records = 10_000;
        try (TestMount mount = TestMount.open();
                Client client = Client.start(Programs.c("blktrace_loop"), mount.file(""), "" + S, "" + N, "-", "sda");
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            client.awaitReadyOnErrors();
            writers.start(mount.awaitChannel("sda"), THREADS, records).await();
            client.signal("INT").awaitSuccess();
            NumberedRecords check = NumberedRecords.ofMerged(THREADS, records);
            check.addStream(client.outputBytes());
            check.assertComplete();
        }
    }

    private static ChannelConfig traceConfig() {
        return ChannelConfig.of(S, N).withBaseName("trace");
    }

    private static void awaitDrained(RelayChannel channel) throws InterruptedException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        for (ChannelBuffer buffer : channel.buffers()) {
            while (buffer.isReadable()) {
                assertThat(System.nanoTime()).as("the client drains").isLessThan(deadline);
                Thread.sleep(5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulk", "merge"})
    void stapioReadsHeaderAndBody(String mode) throws Exception {
        int records = 1_000;
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("stap", traceConfig());
                Client client = Client.start(Programs.c("stapio"), mount.file("stap"), mode, out());
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.SYSTEMTAP, MAX_RECORD)) {
            client.awaitReady();
            writers.start(channel, THREADS, records).await();
            channel.flush();
            awaitDrained(channel);
            client.signal("INT").awaitSuccess();
            assertThat(client.errors()).isEqualTo("lost 0\n");
            NumberedRecords check = new NumberedRecords(THREADS, records);
            for (Path file : outputs(temp, "out")) {
                byte[] stream = Files.readAllBytes(file);
                check.addStream(mode.equals("bulk") ? SystemtapFrames.bodies(stream) : stream);
            }
            check.assertComplete();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulk", "merge"})
    void stapioOf2012ReadsUntilNothingIsLeft(String mode) throws Exception {
        int records = 25_000;
        ChannelConfig config = traceConfig().withGlobal(mode.equals("merge"));
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("stap", config);
                Client client = Client.start(Programs.c("stapio2012"), mount.file("stap"), mode, out());
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            client.awaitReady();
            writers.start(channel, THREADS, records).await();
            client.signal("INT").awaitSuccess();
            assertThat(outputs(temp, "out")).hasSize(channel.buffers().size());
            assertAllArrived("out", records);
        }
    }

    /// What systemtap's runtime did for `relay_old`: the padding of a sub-buffer goes to its start once it is
    /// known.
    private static final class PaddingInFourBytes implements ChannelCallbacks {
        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            if (start.previousSubBuffer() != null) {
                start.previousSubBuffer().set(JAVA_INT_UNALIGNED, 0, (int) start.previousPadding());
            }
            start.reserveHeader(4);
            return !start.isFull();
        }
    }

    @ParameterizedTest
    @CsvSource({"PASSTHROUGH, client", "CACHED, built in", "PASSTHROUGH, built in"})
    void relayOldMapsAndConsumes(MmapMode mode, String header) throws Exception {
        int records = 25_000;
        ChannelConfig config = header.equals("client")
                ? traceConfig().withCallbacks(new PaddingInFourBytes())
                : traceConfig().withPaddingHeader(4);
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode));
                RelayChannel channel = mount.relay().open("stap", config);
                Client client = Client.start(Programs.c("relay_old"), mount.file("stap"), "" + S, "" + N, out());
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            client.awaitReady();
            writers.start(channel, THREADS, records).await();
            client.signal("INT").awaitSuccess();
            assertAllArrived("out", records);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PASSTHROUGH", "CACHED"})
    void stpdMapsAndMerges(MmapMode mode) throws Exception {
        int records = 10_000;
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode));
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.STPD, MAX_RECORD)) {
            mount.sh("echo create stap header=padding4 subbuf_size=" + S + " n_subbufs=" + N + " > control");
            try (Client client =
                    Client.start(Programs.c("stpd"), mount.file("stap"), "" + S, "" + N, temp + "/merged")) {
                client.awaitReady();
                writers.start(mount.awaitChannel("stap"), THREADS, records).await();
                client.signal("INT").awaitSuccess();
            }
            NumberedRecords check = NumberedRecords.ofMerged(THREADS, records);
            check.addStream(Files.readAllBytes(temp.resolve("merged")));
            check.assertComplete();
        }
    }

    @Test
    void blktraceOf2005ReadsHeadsOf64Bytes() throws Exception {
        int records = 3_000;
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("sda", traceConfig());
                Client client = Client.start(Programs.c("blktrace2005"), mount.file("sda"), out());
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.BLKTRACE_2005, MAX_RECORD)) {
            client.awaitReady();
            writers.start(channel, THREADS, records).await();
            client.signal("INT").awaitSuccess();
            assertAllArrived("out", records);
        }
    }

    @ParameterizedTest
    @CsvSource({"PASSTHROUGH, private", "PASSTHROUGH, shared", "CACHED, private", "CACHED, shared"})
    void librelayMapsAndConsumes(MmapMode mode, String how) throws Exception {
        int records = 25_000;
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode));
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            String folder = mount.file("app");
            Client.shell("mkdir $1 && echo padding > $1/header", folder);
            try (Client client = Client.start(Programs.c("librelay"), folder, "" + S, "" + N, out(), how)) {
                client.awaitReady();
                long refused = writers.start(mount.awaitChannel("app"), THREADS, records)
                        .await();
                client.signal("INT").awaitSuccess();
                assertThat(droppedOf(client.output())).isEqualTo(refused);
            }
            assertAllArrived("out", records);
            assertThat(mount.relay().channels()).isEmpty();
        }
    }

    /// It takes every file that it finds for a relay file: in plain directories there are no others.
    @Test
    void lttdOpensEveryFileThatItFinds() throws Exception {
        int records = 10_000;
        List<String> names = List.of("processes", "cpu");
        try (TestMount mount = TestMount.open();
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            for (String name : names) {
                mount.sh("echo create ltt/control/" + name + " plain=1 base=" + name + "_ files=/ltt"
                        + (name.equals("cpu") ? "" : "/control") + " subbuf_size=" + S + " n_subbufs=" + N
                        + " > control");
            }
            try (Client client = Client.start(Programs.c("lttd"), mount.file("ltt"), out())) {
                client.awaitReady();
                for (String name : names) {
                    writers.start(mount.awaitChannel("ltt/control/" + name), THREADS, records);
                }
                writers.await();
                mount.sh(
                        "for name in " + String.join(" ", names)
                                + "; do echo disable ltt/control/$name > control; echo destroy ltt/control/$name > control; done");
                assertThat(client.awaitSuccess().output())
                        .endsWith("files " + 2 * Cpus.ofSystem().online().size() + "\n");
            }
            assertAllArrived(temp.resolve("out"), "cpu_", records);
            assertAllArrived(temp.resolve("out/control"), "processes_", records);
            assertThat(mount.sh("ls -d ltt 2>&1 || true")).contains("No such file");
        }
    }

    @Test
    void skbtraceIsWokenByEdges() throws Exception {
        int records = 15_000;
        List<String> contexts = List.of("hardirq", "softirq", "syscall");
        try (TestMount mount = TestMount.open();
                RecordWriters writers = new RecordWriters(RecordWriters.Framing.NONE, MAX_RECORD)) {
            for (String context : contexts) {
                mount.relay().open(context, ChannelConfig.of(S, N).withBaseName("trace." + context + ".cpu"));
            }
            try (Client client = Client.start(
                    Programs.c("skbtrace"), mount.file(""), "" + S * N, temp + "/", "hardirq", "softirq", "syscall")) {
                client.awaitReady();
                for (RelayChannel channel : mount.relay().channels()) {
                    writers.start(channel, THREADS, records);
                }
                writers.await();
                client.signal("INT").awaitSuccess();
            }
            for (String context : contexts) {
                assertAllArrived(context, records);
            }
        }
    }
}
