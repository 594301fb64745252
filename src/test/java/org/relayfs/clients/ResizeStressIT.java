package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Text;

/// Resizes under full load. `-Dtest.jvm=-Drelayfs.resizes=1000` runs more of them.
@MountTest
@Timeout(300)
final class ResizeStressIT {
    private static final int RESIZES = Integer.getInteger("relayfs.resizes", 20);
    private static final int LONGEST = 300;
    private static final int MAX_RECORDS = 20_000_000;
    private static final int THREADS = 2;
    private static final int ATTACHED = THREADS;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path temp;

    private final Random random = new Random(7);

    /// Two threads and another process write, a process reads each file through one descriptor.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRecordArrivesOnceAndInOrder(boolean global) throws Exception {
        ChannelConfig config = ChannelConfig.of(16_384, 4).withGlobal(global);
        List<Client> clients = new ArrayList<>();
        List<Path> streams = new ArrayList<>();
        try (TestMount mount = TestMount.open(TestMount.likeTheKernel());
                RelayChannel channel = mount.relay().open("app", config);
                RecordWriters writers = new RecordWriters(NumberedRecords.HEADER_LENGTH, LONGEST)) {
            mount.sh("echo 1 > app/blocking");
            for (ChannelBuffer buffer : channel.buffers()) {
                String file = mount.file("app/" + channel.fileName(buffer));
                streams.add(temp.resolve(channel.fileName(buffer)));
                clients.add(Client.start("sh", "-c", "exec cat $1 > $2", "sh", file, streams.getLast() + ""));
            }
            Client attached =
                    Client.startJava(FollowingWriter.class, channel.folder().toString(), "" + ATTACHED, "" + LONGEST);
            clients.add(attached);
            attached.awaitReady();
            int descriptors = count("/proc/self/fd");
            boolean[] done = {false};
            writers.until(() -> done[0]).start(channel, THREADS, MAX_RECORDS);
            for (int i = 0; i < RESIZES; i++) {
                long before = records(channel);
                resize(channel, 4096L << random.nextInt(4), 2 + random.nextInt(7));
                awaitMore(channel, before + 500);
            }
            done[0] = true;
            long full = writers.await();
            assertThat(attached.isAlive()).as(attached::toString).isTrue();
            attached.input().write('.');
            attached.input().close();
            assertThat(attached.awaitLine("locks "))
                    .as("descriptors of former generations")
                    .endsWith("locks 1");
            String[] result = attached.awaitLine("written ").split(" ");
            attached.awaitSuccess();
            awaitRead(channel);
            long records = records(channel);
            assertThat(channel.dropped()).isEqualTo(full + Long.parseLong(result[3]));
            assertThat(records).isEqualTo(writers.written() + Long.parseLong(result[1]));
            assertNothingIsHeld(mount, channel, descriptors);
            channel.close();
            for (Client client : clients) {
                client.awaitSuccess();
            }
            NumberedRecords check = new NumberedRecords(THREADS + 1, (int) records);
            long arrived = 0;
            for (Path stream : streams) {
                arrived += check.addStream(Files.readAllBytes(stream));
            }
            assertThat(arrived).as("none twice, and so all").isEqualTo(records);
        } finally {
            clients.forEach(Client::close);
        }
    }

    /// A process that is killed around a resize leaves what it had finished, and stops nobody.
    @Test
    void aKilledWriterCostsNoMoreThanItsLastRecord() throws Exception {
        int kills = Math.max(2, RESIZES / 50);
        try (TestMount mount = TestMount.open(TestMount.likeTheKernel());
                RelayChannel channel = mount.relay()
                        .open(
                                "app",
                                ChannelConfig.of(16_384, 4).withGlobal(true).withAbandonAfterMs(100))) {
            for (int kill = 0; kill < kills; kill++) {
                ChannelBuffer before = channel.buffers().getFirst();
                try (Client victim =
                        Client.startJava(FollowingWriter.class, channel.folder() + "", "0", "" + LONGEST)) {
                    victim.awaitReady();
                    StringBuilder read = new StringBuilder();
                    while (read.length() < 100_000) {
                        read.append(Text.read(before));
                    }
                    Thread killer = Thread.ofPlatform().start(victim::close);
                    resize(channel, 4096L << random.nextInt(4), 2 + random.nextInt(7));
                    killer.join();
                    long deadline = System.nanoTime() + PATIENCE_NS;
                    while (generations(channel).size() > 1 || isUnread(channel)) {
                        read.append(Text.read(before));
                        assertThat(System.nanoTime()).as("" + channel.stats()).isLessThan(deadline);
                    }
                    NumberedRecords check = new NumberedRecords(1, MAX_RECORDS);
                    assertThat(check.addStream(read.toString().getBytes(StandardCharsets.ISO_8859_1)))
                            .isPositive();
                }
                BufferStats stats = channel.stats().getFirst();
                assertThat(stats.abandoned()).isLessThanOrEqualTo(kill + 1L);
                assertThat(generations(channel)).hasSize(1);
                assertThat(channel.write("next".getBytes(StandardCharsets.US_ASCII)))
                        .isEqualTo(4);
                String next = "";
                for (long end = System.nanoTime() + PATIENCE_NS; next.isEmpty() && System.nanoTime() < end; ) {
                    next = Text.read(before);
                }
                assertThat(next).isEqualTo("next");
            }
        }
    }

    private static boolean isUnread(RelayChannel channel) {
        return channel.stats().stream().anyMatch(s -> s.bytesRead() < s.bytesWritten());
    }

    private static long onlyPresent(RelayChannel channel) {
        long data =
                channel.buffers().stream().mapToLong(b -> b.data().byteSize()).sum();
        return data + 100_000L * channel.buffers().size();
    }

    private static void resize(RelayChannel channel, long size, int count) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                channel.resize(size, count);
                return;
            } catch (IllegalStateException unread) {
                assertThat(System.nanoTime()).as(unread.getMessage()).isLessThan(deadline);
                Thread.sleep(1);
            }
        }
    }

    private static long records(RelayChannel channel) {
        return channel.stats().stream().mapToLong(BufferStats::records).sum();
    }

    private static void awaitMore(RelayChannel channel, long records) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (records(channel) < records) {
            assertThat(System.nanoTime()).as("nobody writes any more").isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private static void awaitRead(RelayChannel channel) throws InterruptedException {
        channel.flush();
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (isUnread(channel)) {
            assertThat(System.nanoTime()).as("not read: " + channel.stats()).isLessThan(deadline);
            Thread.sleep(1);
        }
        assertThat(channel.stats()).allMatch(s -> s.abandoned() == 0 && s.overwritten() == 0 && s.straggler() == 0);
    }

    private static void assertNothingIsHeld(TestMount mount, RelayChannel channel, int descriptors) throws Exception {
        channel.buffers().forEach(ChannelBuffer::hasData);
        mount.sh("cat app/stats > /dev/null");
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (generations(channel).size() > 1 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(generations(channel)).hasSize(1);
        assertThat(mount.relay().reservedBytes())
                .isEqualTo(channel.reservedBytes())
                .isLessThan(onlyPresent(channel));
        assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(descriptors + 2);
        System.gc();
        while (mappings() > 8 * channel.buffers().size() + 8 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(mappings()).isLessThanOrEqualTo(8L * channel.buffers().size() + 8);
    }

    private static int count(String folder) throws IOException {
        return names(Path.of(folder)).size();
    }

    /// The folder of the first one is that of the channel.
    private static List<String> generations(RelayChannel channel) throws IOException {
        return names(channel.folder()).stream()
                .filter(name -> name.matches("\\d+"))
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/dev/shm/relayfs-")).count();
        }
    }
}
