package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Writes with `blocking_writes` = 1: when they wait, what ends the wait, and that no wake-up is lost.
@MountTest
final class WaitingWritesIT {
    private static final int SIZE = 4096;
    private static final String RECORD = "x".repeat(SIZE);
    private static final int PATIENCE_S = 60;
    private static final int CROWD = 200;
    private static final int RECORDS = Integer.getInteger("relayfs.waiting.writes", 1_500);

    @TempDir
    private Path temp;

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;
    private String file;
    private int fd;

    @BeforeEach
    void start() throws Exception {
        mount = TestMount.open();
        channel = mount.channel("app", SIZE, 2);
        file = mount.file("app/cpu0");
        agent = Agent.start();
        agent.call("put", mount.file("app/blocking_writes"), "1");
        fd = agent.open(file, "O_WRONLY");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        mount.close();
        channel = null;
        mount = null;
    }

    private void fill() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(agent.outcome("write_once", fd, RECORD)).isEqualTo("" + SIZE);
        }
    }

    private void beginToWait() throws Exception {
        fill();
        agent.begin("write_once", fd, "last").assertWaits();
        assertThat(mount.mount().waitingWriteCount()).isOne();
    }

    private String readAll() {
        byte[] bytes = new byte[4 * SIZE];
        int count = channel.buffers().getFirst().read(MemorySegment.ofArray(bytes), 0, bytes.length);
        return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aWriteWaitsForAReaderAndIsNoLoss() throws Exception {
        beginToWait();
        try (Agent reader = Agent.start()) {
            int in = reader.open(file, "O_RDONLY");
            assertThat(reader.read(in, SIZE - 1)).hasSize(SIZE - 1);
            agent.assertWaits(); // a sub-buffer is free when its last byte was read
            assertThat(reader.read(in, 1)).isEqualTo("x");
            assertThat(agent.answer().toString()).isEqualTo("4");
            assertThat(reader.read(in, 2 * SIZE)).isEqualTo(RECORD + "last");
        }
        assertThat(channel.dropped()).isZero();
        assertThat(channel.stats().getFirst().records()).isEqualTo(3);
        assertThat(mount.mount().waitingWriteCount()).isZero();
    }

    @Test
    void whatElseMakesRoomEndsTheWait() throws Exception {
        beginToWait();
        try (Agent other = Agent.start()) {
            other.call("consume", mount.file("app/cpu0.consumed"), 1);
            assertThat(agent.answer().toString()).isEqualTo("4");
            agent.call("write_once", fd, RECORD.substring(4));
            agent.begin("write_once", fd, RECORD).assertWaits();
            other.call("put", mount.file("app/reset"), "1");
            assertThat(agent.answer().toString()).isEqualTo("" + SIZE);
            agent.call("write_once", fd, RECORD);
            agent.begin("write_once", fd, "again").assertWaits();
            assertThat(readAll()).isEqualTo(RECORD + RECORD); // by the program that owns the channel
            assertThat(agent.answer().toString()).isEqualTo("5");
        }
    }

    @Test
    void whoMayNotWaitIsToldToTryAgain() throws Exception {
        fill();
        int other = agent.open(file, "O_WRONLY|O_NONBLOCK");
        assertThat(agent.outcome("write_once", other, "x")).isEqualTo("EAGAIN");
        assertThat(channel.dropped()).isOne();
        agent.begin("write_once", fd, "waits").assertWaits();
        try (Agent second = Agent.start()) {
            second.call("put", mount.file("app/blocking_writes"), "0");
        }
        assertThat(agent.answer().errno()).isEqualTo("EAGAIN");
        assertThat(agent.outcome("write_once", fd, "x")).as("as without").isEqualTo("EAGAIN");
        assertThat(channel.dropped()).isEqualTo(3);
    }

    @Test
    void whatCanNeverFitIsRefusedAtOnce() throws Exception {
        fill();
        assertThat(agent.outcome("write_once", fd, RECORD + "x")).isEqualTo("EMSGSIZE");
        RelayChannel padded = mount.relay()
                .open("padded", ChannelConfig.of(SIZE, 1).withGlobal(true).withPaddingHeader(8));
        agent.call("put", mount.file("padded/blocking_writes"), "1");
        int out = agent.open(mount.file("padded/cpu0"), "O_WRONLY");
        assertThat(agent.outcome("write_once", out, RECORD)).isEqualTo("EMSGSIZE");
        assertThat(padded.stats().getFirst().big()).isOne();
    }

    @Test
    void aSignalInterruptsAndNothingIsLogged() throws Exception {
        agent.call("interruptible");
        fill();
        for (int i = 0; i < 5; i++) {
            agent.begin("write_once", fd, "last").assertWaits();
            agent.process().signal("USR1");
            assertThat(agent.answer().errno()).isEqualTo("EINTR");
        }
        assertThat(readAll()).isEqualTo(RECORD + RECORD);
        assertThat(channel.dropped()).isZero();
    }

    @Test
    void aKilledWriterLeavesNothingStuck() throws Exception {
        beginToWait();
        agent.process().signal("KILL");
        assertThat(agent.process().awaitEnd()).isEqualTo(128 + 9);
        try (Agent other = Agent.start()) {
            int out = other.open(file, "O_WRONLY");
            other.begin("write_once", out, "for the living").assertWaits();
            assertThat(readAll()).isEqualTo(RECORD + RECORD);
            assertThat(other.answer().toString()).isEqualTo("14");
        }
    }

    @Test
    void disablingAndDestructionEndTheWait() throws Exception {
        beginToWait();
        channel.setEnabled(false);
        assertThat(agent.answer().errno()).isEqualTo("ESHUTDOWN");
        channel.setEnabled(true);
        agent.begin("write_once", fd, "last").assertWaits();
        channel.close();
        assertThat(agent.answer().errno()).isEqualTo("ESHUTDOWN");
        assertThat(agent.outcome("write_once", fd, "x")).isEqualTo("ESHUTDOWN");
    }

    @Test
    void unmountingEndsTheWait() throws Exception {
        beginToWait();
        mount.mount().close();
        assertThat(agent.answer().errno()).isEqualTo("ESHUTDOWN");
        assertThat(channel.isClosed()).isFalse();
    }

    @Test
    void inOverwriteModeNobodyWaits() throws Exception {
        mount.relay().open("over", ChannelConfig.of(SIZE, 2).withGlobal(true).withMode(ChannelMode.OVERWRITE));
        agent.call("put", mount.file("over/blocking_writes"), "1");
        int out = agent.open(mount.file("over/cpu0"), "O_WRONLY");
        for (int i = 0; i < 10; i++) {
            assertThat(agent.outcome("write_once", out, RECORD)).isEqualTo("" + SIZE);
        }
        assertThat(agent.call("poll", out, 0, "POLLOUT").asText()).isEqualTo("POLLOUT");
    }

    @Test
    void pollTellsWhetherThereIsRoom() throws Exception {
        assertThat(agent.call("poll", fd, 0, "POLLOUT|POLLIN").asText()).isEqualTo("POLLOUT");
        fill();
        assertThat(agent.call("poll", fd, 0, "POLLOUT|POLLIN").asText()).isEmpty();
        agent.begin("poll", fd, 20_000, "POLLOUT").assertWaits();
        channel.buffers().getFirst().subBuffersConsumed(1);
        assertThat(agent.answer().toString()).isEqualTo("POLLOUT");
        agent.call("write_once", fd, RECORD);
        agent.begin("poll", fd, 20_000, "POLLOUT").assertWaits();
        assertThat(readAll()).hasSize(2 * SIZE);
        assertThat(agent.answer().toString()).isEqualTo("POLLOUT");
        agent.call("put", mount.file("app/blocking_writes"), "0");
        assertThat(agent.call("poll", fd, 0, "POLLOUT|POLLIN").asText())
                .as("as relay")
                .isEmpty();
    }

    /// Nobody who polls for room would ever be woken otherwise: a reader cannot release what no write has closed.
    @Test
    void anOnlySubBufferHasRoomOnceItsReaderHasIt() throws Exception {
        RelayChannel single = mount.channel("single", SIZE, 1);
        agent.call("put", mount.file("single/blocking_writes"), "1");
        int both = agent.open(mount.file("single/cpu0"), "O_RDWR");
        agent.call("write_once", both, RECORD);
        assertThat(agent.read(both, SIZE)).isEqualTo(RECORD);
        assertThat(agent.call("poll", both, 0, "POLLOUT").asText()).isEqualTo("POLLOUT");
        agent.begin("write_once", both, "next").assertWaits();
        try (Agent reader = Agent.start()) {
            int in = reader.open(mount.file("single/cpu0"), "O_RDONLY");
            assertThat(reader.poll(in, 1000)).isEqualTo("POLLIN");
            assertThat(reader.read(in, SIZE)).isEmpty();
            assertThat(agent.answer().toString()).isEqualTo("4");
            assertThat(reader.read(in, SIZE)).isEqualTo("next");
        }
        assertThat(single.dropped()).isZero();
    }

    /// Room is no news for those who only read, whatever is unread.
    @Test
    void anEdgeTriggeredReaderIsNotWokenByRoom() throws Exception {
        fill();
        try (Agent reader = Agent.start()) {
            int in = reader.open(file, "O_RDONLY");
            int epoll = reader.call("epoll_create", in, "EPOLLIN|EPOLLET").asInt();
            agent.begin("write_once", fd, "last").assertWaits();
            reader.call("epoll_wait", epoll, 1000);
            assertThat(reader.call("epoll_wait", epoll, 0).asText()).isEmpty();
            channel.buffers().getFirst().subBuffersConsumed(1);
            assertThat(agent.answer().toString()).isEqualTo("4");
            assertThat(reader.call("epoll_wait", epoll, 100).asText()).isEmpty();
        }
    }

    /// With descriptors of their own, which have written less than there is.
    @Test
    void severalWaitAndEachCanBeInterrupted() throws Exception {
        fill();
        try (Agent first = Agent.start();
                Agent second = Agent.start()) {
            first.begin("write_once", first.open(file, "O_WRONLY"), "first").assertWaits();
            second.call("interruptible");
            int out = second.open(file, "O_WRONLY|O_NONBLOCK");
            assertThat(second.outcome("write_once", out, "third")).isEqualTo("EAGAIN");
            out = second.open(file, "O_WRONLY");
            second.begin("write_once", out, "second").assertWaits();
            second.process().signal("USR1");
            assertThat(second.answer().errno()).isEqualTo("EINTR");
            first.assertWaits();
            assertThat(readAll()).isEqualTo(RECORD + RECORD);
            assertThat(first.answer().toString()).isEqualTo("5");
        }
    }

    /// The short record behind the long one does not overtake it.
    @Test
    void theyGetTheRoomInTheirOrder() throws Exception {
        assertThat(agent.outcome("write_once", fd, RECORD)).isEqualTo("" + SIZE);
        assertThat(agent.outcome("write_once", fd, RECORD.substring(100))).isEqualTo("" + (SIZE - 100));
        try (Agent first = Agent.start();
                Agent second = Agent.start()) {
            first.begin("write_once", first.open(file, "O_WRONLY"), "1".repeat(200))
                    .assertWaits();
            second.begin("write_once", second.open(file, "O_WRONLY"), "2").assertWaits();
            channel.buffers().getFirst().subBuffersConsumed(1);
            assertThat(first.answer().toString()).isEqualTo("200");
            assertThat(second.answer().toString()).isEqualTo("1");
        }
        assertThat(readAll()).isEqualTo(RECORD.substring(100) + "1".repeat(200) + "2");
    }

    private static int threads() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
                .sum();
    }

    @Test
    void aCrowdOfWaitingWritersHoldsNoThread() throws Exception {
        fill();
        int before = threads();
        try (Client crowd = mount.startPython("""
                f = writable('app/cpu0')
                def write():
                    result = errno_of(os.write, os.open(f, os.O_WRONLY), b'one of many')
                    os.write(1, result.encode() + b'\\n')
                threads = [threading.Thread(target=write) for i in range(%d)]
                for t in threads:
                    t.start()
                """.formatted(CROWD))) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
            while (mount.mount().waitingWriteCount() < CROWD) {
                assertThat(System.nanoTime()).as(crowd::toString).isLessThan(deadline);
                Thread.sleep(5);
            }
            assertThat(threads()).isLessThan(before + 20);
            channel.close();
            crowd.awaitSuccess();
            assertThat(crowd.output().lines()).hasSize(CROWD).containsOnly("ESHUTDOWN");
        }
    }

    /// A reader that waits for records, and writers that wait for room, in a ring of two small sub-buffers: each
    /// wakes the other, thousands of times, and all that was written arrives. A single writer is woken by nothing
    /// else.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noWakeUpIsLostAndNothingElse(int count) throws Exception {
        Path out = temp.resolve("out");
        RelayChannel small = mount.channel("small", 256, 2);
        mount.sh("chmod 600 small/cpu0");
        agent.call("put", mount.file("small/blocking"), "1");
        agent.call("put", mount.file("small/blocking_writes"), "1");
        String ring = mount.file("small/cpu0");
        int before = threads();
        try (Client reader = Client.start("sh", "-c", "exec cat \"$0\" > \"$1\"", ring, out.toString());
                Client writers = Client.start(Programs.c("waiting_writers"), ring, "" + count, "" + RECORDS)) {
            writers.awaitSuccess(PATIENCE_S + TimeUnit.MILLISECONDS.toSeconds(RECORDS));
            assertThat(threads()).isLessThan(before + 20);
            small.close();
            reader.awaitSuccess();
        }
        check(count, Files.readAllBytes(out));
        assertThat(small.dropped()).isZero();
    }

    private static void check(int writers, byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.nativeOrder());
        int[] next = new int[writers];
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            int thread = bytes.getInt();
            int number = bytes.getInt();
            assertThat(number).as("of thread %d", thread).isEqualTo(next[thread]++);
            byte[] fill = new byte[length - 12];
            bytes.get(fill);
            for (byte value : fill) {
                assertThat(value).isEqualTo((byte) (thread + number));
            }
        }
        assertThat(next).containsOnly(RECORDS);
    }
}
