package org.relayfs.tool.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relayfs.testing.Text.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;
import org.relayfs.event.ctf.CtfException;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.layout.EventLayout;
import org.relayfs.testing.Client;
import org.relayfs.testing.KafkaBroker;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// `ship` with a real broker. `-Drelayfs.ship.seconds=60 -Drelayfs.ship.channels=50` makes the test of killing longer.
@MountTest
@Timeout(300)
final class ShipIT {
    private static final long SECONDS = Long.getLong("relayfs.ship.seconds", 5);
    private static final int CHANNELS = Integer.getInteger("relayfs.ship.channels", 3);
    private static final String TOPIC = "records";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RECORD_SIZE = 100;

    @TempDir
    private Path temp;

    /// The JDK keeps a descriptor from its first socket on.
    @BeforeAll
    static void useASocket() throws Exception {
        KafkaBroker.freePort();
    }

    private static Client ship(KafkaBroker broker, Path mount, Object... more) throws Exception {
        List<Object> words = new ArrayList<>(List.of("ship", "--to", broker.address(), "--topic", TOPIC));
        words.addAll(List.of(more));
        words.add(mount);
        return Tool.start(words.toArray());
    }

    private static void awaitSaid(Client client, String text) {
        await().atMost(PATIENCE).until(() -> client.errors().contains(text) || !client.isAlive());
        assertThat(client.errors()).contains(text);
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static long number(ConsumerRecord<String, byte[]> record, String name) {
        return Long.parseLong(header(record, name));
    }

    /// What one thread has written to one channel: length and checksum of the records that were accepted.
    private static final class Writer {
        private final RelayChannel channel;
        private final CRC32C sum = new CRC32C();
        private final Thread thread;
        private volatile boolean stopped;
        private long accepted;

        Writer(RelayChannel channel) {
            this.channel = channel;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            for (long number = 0; !stopped; number++) {
                String text = Long.toString(number);
                byte[] record = bytes("0".repeat(RECORD_SIZE - 1 - text.length()) + text + "\n");
                if (channel.write(record) == RECORD_SIZE) {
                    sum.update(record);
                    accepted++;
                } else {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
                }
            }
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.join();
        }
    }

    private static boolean isShipped(RelayChannel channel) {
        BufferStats stats = channel.stats().getFirst();
        return stats.consumed() == stats.produced() && stats.bytesRead() >= stats.bytesWritten();
    }

    @Test
    void eachSubBufferIsThereOnceWhoeverIsKilled() throws Exception {
        Random random = new Random(42);
        try (KafkaBroker broker = new KafkaBroker(temp);
                TestMount mount = TestMount.open()) {
            List<RelayChannel> channels = new ArrayList<>();
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < CHANNELS; i++) {
                ChannelConfig config = ChannelConfig.of(16384, 16).withGlobal(true);
                channels.add(mount.relay().open("c" + i, config.withEvents(i % 3 == 2)));
                // Two at full speed; the others hold what their threads write when they have their turn.
                writers.add(new Writer(channels.getLast()));
            }
            Client shipper = ship(broker, mount.path());
            try {
                awaitSaid(shipper, "channel c" + (CHANNELS - 1) + ": is shipped");
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                for (int round = 0; System.nanoTime() - end < 0; round++) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2000)));
                    if (round % 4 == 1) {
                        broker.kill();
                        broker.start();
                    } else {
                        shipper.signal("KILL");
                        shipper.awaitEnd();
                        shipper = ship(broker, mount.path());
                    }
                }
                for (Writer writer : writers) {
                    writer.stop();
                }
                Client last = shipper;
                await().atMost(PATIENCE).until(() -> channels.stream().allMatch(ShipIT::isShipped) || !last.isAlive());
                assertThat(last.signal("INT").awaitEnd()).as(last::toString).isEqualTo(ExitCode.OK);
            } finally {
                shipper.close();
                for (Writer writer : writers) {
                    writer.stop();
                }
            }
            Map<String, List<ConsumerRecord<String, byte[]>>> shipped = broker.committed(TOPIC).stream()
                    .collect(Collectors.groupingBy(record -> header(record, "channel")));
            assertThat(shipped).hasSize(CHANNELS);
            for (int i = 0; i < CHANNELS; i++) {
                check(shipped.get("c" + i), writers.get(i), i % 3 == 2);
            }
        }
    }

    private static void check(List<ConsumerRecord<String, byte[]>> records, Writer writer, boolean hasEvents) {
        CRC32C sum = new CRC32C();
        long size = 0;
        long next = -1;
        long lost = 0;
        Map<String, CtfMetadata> described = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            if (header(record, "kind").equals("metadata")) {
                described.put(header(record, "metadata"), parsed(record.value()));
                continue;
            }
            long position = number(record, "position");
            assertThat(position).as("position after " + (next - 1)).isEqualTo(next < 0 ? position : next);
            next = position + 1;
            assertThat(number(record, "full")).isGreaterThanOrEqualTo(lost);
            lost = number(record, "full");
            byte[] bytes = record.value();
            if (hasEvents) {
                assertThat(described).containsKey(header(record, "metadata"));
                assertThat(number(record, "first")).isLessThanOrEqualTo(number(record, "last"));
                bytes = payloads(bytes);
            }
            sum.update(bytes);
            size += bytes.length;
        }
        assertThat(size).isEqualTo(writer.accepted * RECORD_SIZE).isPositive();
        assertThat(sum.getValue()).isEqualTo(writer.sum.getValue());
        assertThat(lost).isLessThanOrEqualTo(writer.channel.stats().getFirst().full());
    }

    private static CtfMetadata parsed(byte[] text) {
        try {
            return CtfMetadata.parse(new String(text, StandardCharsets.UTF_8));
        } catch (CtfException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] payloads(byte[] sub) {
        ByteBuffer events = ByteBuffer.wrap(sub).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer payloads = ByteBuffer.allocate(sub.length);
        for (int at = 0; at < sub.length; ) {
            long word = events.getLong(at + EventLayout.WORD_OFFSET);
            int length = EventLayout.length(word);
            if ((word & ((1 << EventLayout.ID_BITS) - 1)) == EventLayout.BYTES) {
                payloads.put(sub, at + EventLayout.HEADER_SIZE, length);
            }
            at += EventLayout.HEADER_SIZE + length;
        }
        byte[] all = new byte[payloads.flip().remaining()];
        payloads.get(all);
        return all;
    }

    private static Client mount(Path folder, String channel, String... options) throws Exception {
        List<Object> words = new ArrayList<>(List.of("mount", "-f"));
        words.addAll(List.of(options));
        words.add(folder);
        Client mount = Tool.start(words.toArray());
        await().atMost(PATIENCE).until(() -> isServed(folder, channel) || !mount.isAlive());
        assertThat(mount.isAlive()).as(mount::toString).isTrue();
        return mount;
    }

    private static boolean isServed(Path folder, String channel) {
        try (Client list = Tool.start("list", folder)) {
            return list.awaitEnd() == 0 && list.output().contains(channel);
        } catch (Exception e) {
            return false;
        }
    }

    private static void write(Path mount, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Client.shell("echo \"$2\" >\"$1/app/write\"", mount, "record " + i);
        }
    }

    private static List<String> lines(KafkaBroker broker) {
        return broker.committed(TOPIC).stream()
                .flatMap(record -> new String(record.value(), StandardCharsets.UTF_8).lines())
                .toList();
    }

    private static List<String> expected(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("record " + i);
        }
        return lines;
    }

    @Test
    void anotherShipperWaitsAndTakesOverAlsoWhenTheOwnerWasKilledAndItsMemoryTakenOver() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("relay"));
        Leftovers.watchMountPoint(folder);
        try (KafkaBroker broker = new KafkaBroker(Files.createDirectory(temp.resolve("broker")));
                Client owner = mount(folder, "")) {
            Tool.run("create", folder, "app", "global=1", "subbuf_size=4K", "n_subbufs=8");
            Tool.run("create", folder, "flight", "mode=overwrite");
            try (Client first = ship(broker, folder, "--host", "one")) {
                awaitSaid(first, "channel app: is shipped");
                awaitSaid(first, "channel flight: not shipped: mode=overwrite");
                try (Client second = ship(broker, folder, "--host", "one")) {
                    awaitSaid(second, "another process ships " + folder + ": limit=1");
                    write(folder, 0, 10);
                    await().atMost(PATIENCE).until(() -> lines(broker).size() == 10);
                    assertThat(second.errors()).doesNotContain("is shipped");
                    first.signal("KILL").awaitEnd();
                    write(folder, 10, 20);
                    awaitSaid(second, "channel app: is shipped");
                    await().atMost(PATIENCE).until(() -> lines(broker).size() == 20);
                    owner.signal("KILL").awaitEnd();
                    try (Client next = mount(folder, "app", "--adopt")) {
                        write(folder, 20, 30);
                        await().atMost(PATIENCE).until(() -> lines(broker).size() >= 30);
                        assertThat(second.signal("INT").awaitEnd()).isEqualTo(ExitCode.OK);
                        Tool.run("umount", folder);
                        next.awaitEnd();
                    }
                }
            }
            assertThat(lines(broker)).containsExactlyElementsOf(expected(30));
        }
    }

    @Test
    void withoutKafkasJarsItSaysSo() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", ChannelConfig.of(4096, 4).withMode(ChannelMode.OVERWRITE));
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            try (Client alone = Client.start(
                    java,
                    "-XX:-UsePerfData",
                    "-jar",
                    "target/relayfs.jar",
                    "ship",
                    "--to",
                    "127.0.0.1:1",
                    mount.path().toString())) {
                assertThat(alone.awaitEnd()).as(alone::toString).isEqualTo(ExitCode.USAGE);
                assertThat(alone.errors()).contains("Kafka's jars are missing").doesNotContain("\tat ");
            }
        }
    }
}
