package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ring.RingBuffer;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// A hunt for lost wake-ups: switches of one record each, against a client that sleeps in edge-triggered epoll until
/// somebody tells it, and reads until nothing is left. One notification that goes astray, and it waits for ever.
///
/// `-Drelayfs.switches=100000` for the long run.
@MountTest
final class LostWakeupIT {
    private static final int SWITCHES = Integer.getInteger("relayfs.switches", 30_000);
    private static final int LENGTH = 64;
    private static final long PATIENCE_NS = 100_000_000_000L;

    /// Every record is read before the next is written, so nearly each needs a wake-up of its own. How long
    /// after the read the next one comes is left to chance: at once, while the client is between its last read
    /// and its sleep, or later.
    private static void writeOneByOne(ChannelBuffer buffer, RelayChannel channel, Client client, int count)
            throws InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] record = new byte[LENGTH];
        long deadline = System.nanoTime() + PATIENCE_NS;
        for (int i = 0; i < count; i++) {
            assertThat(channel.write(record)).isEqualTo(LENGTH);
            channel.flush();
            while (buffer.consumed() <= i) {
                if (!client.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new AssertionError("after " + i + " of " + count + ": " + client);
                }
                Thread.yield();
            }
            spin(random.nextInt(4) == 0 ? 0 : random.nextInt(100_000));
        }
    }

    private static void spin(int ns) {
        long end = System.nanoTime() + ns;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    /// The writer waits for nobody but a full buffer: switches fall upon every moment of the client.
    private static void writeFreely(ChannelBuffer buffer, RelayChannel channel, Client client, int count) {
        SplittableRandom random = new SplittableRandom(2);
        byte[] record = new byte[LENGTH];
        for (int i = 0; i < count; i++) {
            while (channel.write(record) < 0) {
                assertThat(client.isAlive()).as(client::toString).isTrue();
                LockSupport.parkNanos(20_000);
            }
            if (RingBuffer.of(buffer).hasOpenBytes()) {
                channel.flush();
            }
            spin(random.nextInt(20_000));
        }
    }

    @FunctionalInterface
    private interface Writer {
        void write(ChannelBuffer buffer, RelayChannel channel, Client client, int count) throws Exception;
    }

    /// {@return how often the client was woken}
    private static int hunt(int switches, Writer writer) throws Exception {
        ChannelConfig config = ChannelConfig.of(LENGTH, 8).withGlobal(true);
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay().open("app", config);
                Client client = Client.start(
                        Programs.c("edge_client"), mount.file("app/cpu0"), "" + (long) switches * LENGTH)) {
            client.awaitReady();
            writer.write(channel.buffers().getFirst(), channel, client, switches);
            client.awaitSuccess();
            String[] words = client.output().lines().toList().getLast().split(" ");
            assertThat(Long.parseLong(words[1])).as("bytes").isEqualTo((long) switches * LENGTH);
            return Integer.parseInt(words[3]);
        }
    }

    @Test
    void noneOnAllCpus() throws Exception {
        assertThat(hunt(SWITCHES, LostWakeupIT::writeOneByOne)).isGreaterThan(SWITCHES / 2);
    }

    @Test
    void noneOnOneCpu() throws Exception {
        String pid = "" + ProcessHandle.current().pid();
        String all = Client.shell("taskset -p $1 | sed 's/.*: //'", pid).strip();
        try {
            bind("1", pid);
            assertThat(hunt(SWITCHES, LostWakeupIT::writeOneByOne)).isGreaterThan(SWITCHES / 2);
        } finally {
            bind(all, pid);
        }
    }

    /// Again when a thread has ended between being found and being bound.
    private static void bind(String mask, String pid) throws Exception {
        Client.shell("for try in 1 2 3 4 5; do taskset -a -p $1 $2 && exit; done; exit 1", mask, pid);
    }

    /// Its wake-ups come through the doorbell, which is looked at every 100 ms also when nobody rings: a lost one
    /// is a delay of that length, and many of them are too long.
    @Test
    void noneFromAnotherProcess() throws Exception {
        int switches = SWITCHES / 5;
        long start = System.nanoTime();
        int wakeups = hunt(switches, (buffer, channel, client, count) -> {
            try (Client writer = Client.start(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    AttachedSwitcher.class.getName(),
                    channel.folder().toString(),
                    "" + count,
                    "" + LENGTH)) {
                writer.awaitSuccess();
            }
            channel.flush();
        });
        assertThat(wakeups).isPositive();
        assertThat(System.nanoTime() - start).isLessThan(wakeups * 20_000_000L);
    }

    @Test
    void noneWhenTheWriterDoesNotWait() throws Exception {
        assertThat(hunt(SWITCHES / 2, LostWakeupIT::writeFreely)).isPositive();
    }
}
