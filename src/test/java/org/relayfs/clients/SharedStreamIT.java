package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// One stream a buffer, whoever reads it, to its last byte, and never a torn record.
@MountTest
final class SharedStreamIT {
    private static final int THREADS = 3;

    @TempDir
    private Path temp;

    /// Records of one length, so that every read ends with a whole one and each reader has some of them. 4 MiB
    /// reads reach the server in several requests.
    @Test
    void twoReadersShareTheStreamWithoutLossOrDoubling() throws Exception {
        int records = 40_000;
        ChannelConfig config = ChannelConfig.of(65_536, 16).withGlobal(true);
        List<Client> readers = new ArrayList<>();
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("app", config);
                RecordWriters writers = new RecordWriters(64, 64)) {
            Client.shell("echo 1 > $1/app/blocking", mount.path());
            String file = mount.file("app/cpu0");
            readers.add(Client.start("sh", "-c", "exec cat < $1 > $2", "sh", file, temp + "/cat"));
            readers.add(Client.start("sh", "-c", "exec dd bs=4M if=$1 of=$2", "sh", file, temp + "/dd"));
            // Either has opened the stream before it makes its own file; when the channel is closed, its name is gone.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Files.exists(temp.resolve("cat")) && Files.exists(temp.resolve("dd")));
            writers.start(channel, THREADS, records).await();
            channel.close();
            NumberedRecords check = new NumberedRecords(THREADS, records);
            for (Client reader : readers) {
                reader.awaitSuccess();
            }
            assertThat(check.addStream(Files.readAllBytes(temp.resolve("cat")))).isPositive();
            assertThat(check.addStream(Files.readAllBytes(temp.resolve("dd")))).isPositive();
            check.assertComplete();
        } finally {
            readers.forEach(Client::close);
        }
    }

    @Test
    void afterDestructionReadsGoOnToTheLastByte() throws Exception {
        StringBuilder written = new StringBuilder();
        try (TestMount mount = TestMount.open();
                Agent agent = Agent.start()) {
            ChannelConfig config = ChannelConfig.of(100, 16).withGlobal(true);
            RelayChannel channel = mount.relay().open("app", config);
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            for (int i = 0; i < 27; i++) {
                String record = "record " + i + ".".repeat(20);
                written.append(record);
                channel.write(record.getBytes(StandardCharsets.US_ASCII));
            }
            StringBuilder read = new StringBuilder(agent.read(fd, 1)).append(agent.read(fd, 350));
            channel.close();
            assertThat(agent.outcome("stat", mount.file("app/cpu0"))).isEqualTo("ENOENT");
            assertThat(agent.call("fstat", fd).get("nlink").asInt()).isZero();
            mount.relay().open("app", config).write("new".getBytes(StandardCharsets.US_ASCII));
            read.append(agent.call("read_all", fd, 7).asText());
            assertThat(read).hasToString(written.toString());
            assertThat(agent.read(fd, 100)).isEmpty();
            assertThat(agent.call("cat", mount.file("app/cpu0")).asText()).isEqualTo("new");
        }
    }

    /// Writers that lap the reader all the time. What one read returns are whole records, newer ones with every
    /// read, and what was lost is counted.
    @Test
    void anOverwrittenBufferIsNeverReadTorn() throws Exception {
        // So many only when the reader gets no chance to read for long.
        int records = 10_000_000;
        int least = 300_000;
        // No read brings more than the buffer holds.
        long enough = 101L * 4 * 16_384;
        ChannelConfig config = ChannelConfig.of(16_384, 4).withGlobal(true).withMode(ChannelMode.OVERWRITE);
        Path out = temp.resolve("chunks");
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("app", config);
                Client client = Client.start(Programs.c("chunks"), mount.file("app/cpu0"), out.toString());
                RecordWriters writers = new RecordWriters(NumberedRecords.HEADER_LENGTH, 300)) {
            client.awaitReady();
            ChannelBuffer buffer = channel.buffers().getFirst();
            writers.until(() ->
                    writers.written() > (long) THREADS * least && buffer.stats().bytesRead() > enough);
            writers.start(channel, THREADS, records).await();
            client.signal("INT").awaitSuccess();
            NumberedRecords check = new NumberedRecords(THREADS, records);
            ByteBuffer chunks = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.nativeOrder());
            long bytes = 0;
            int arrived = 0;
            int reads = 0;
            check.beginStream();
            while (chunks.hasRemaining()) {
                byte[] chunk = new byte[chunks.getInt()];
                chunks.get(chunk);
                arrived += check.addPart(chunk);
                bytes += chunk.length;
                reads++;
            }
            BufferStats stats = channel.stats().getFirst();
            assertThat(reads).isGreaterThan(100);
            assertThat((long) arrived).isLessThan(writers.written());
            assertThat(stats.records()).isEqualTo(writers.written());
            assertThat(stats.bytesRead()).isEqualTo(bytes);
            assertThat(stats.bytesRead() + stats.overwritten()).isEqualTo(stats.bytesWritten());
        }
    }

    /// A reader that is in the middle of a record when it is lapped: the rest of that record is lost, as in relay.
    @Test
    void aLappedReaderGoesOnAtTheOldestSubBuffer() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 4).withGlobal(true).withMode(ChannelMode.OVERWRITE);
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("app", config);
                Agent agent = Agent.start()) {
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            for (int i = 0; i < 5; i++) {
                channel.write(numbered(i));
            }
            assertThat(agent.read(fd, 1500)).startsWith("0 0 ").contains("1 1 ");
            for (int i = 5; i < 41; i++) {
                channel.write(numbered(i));
            }
            String rest = agent.call("read_all", fd, 1 << 20).asText();
            assertThat(rest).hasSize(13_000);
            assertThat(Arrays.stream(rest.split(" +")).distinct())
                    .containsExactlyElementsOf(IntStream.rangeClosed(28, 40)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    /// 1000 bytes, of which 4 fit into a sub-buffer.
    private static byte[] numbered(int number) {
        byte[] record = new byte[1000];
        byte[] word = (number + " ").getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(record, (byte) ' ');
        for (int at = 0; at + word.length <= record.length; at += word.length) {
            System.arraycopy(word, 0, record, at, word.length);
        }
        return record;
    }
}
