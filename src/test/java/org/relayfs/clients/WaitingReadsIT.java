package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Reads with `blocking` = 1: when they wait, what ends the wait, and what a crowd of them costs.
@MountTest
final class WaitingReadsIT {
    private static final int CROWD = 500;
    private static final int PATIENCE_S = 60;
    private static final int MOST_RECORDS = 1_000_000;

    @TempDir
    private Path temp;

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;
    private String file;

    @BeforeEach
    void start() throws Exception {
        mount = TestMount.open();
        channel = mount.relay().open("app", ChannelConfig.of(4096, 8).withGlobal(true));
        file = mount.file("app/cpu0");
        agent = Agent.start();
        agent.call("put", mount.file("app/blocking"), "1");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        mount.close();
        channel = null;
        mount = null;
    }

    private void log(String record) {
        assertThat(channel.write(record.getBytes(StandardCharsets.US_ASCII))).isEqualTo(record.length());
    }

    @Test
    void aReadReturnsAtOnceWhatThereIs() throws Exception {
        int fd = agent.open(file, "O_RDONLY");
        log("open sub-buffer");
        assertThat(agent.read(fd, 4)).isEqualTo("open");
        assertThat(agent.read(fd, 4096)).isEqualTo(" sub-buffer");
    }

    @Test
    void anEmptyReadWaitsForTheNextClosedSubBuffer() throws Exception {
        int fd = agent.open(file, "O_RDONLY");
        agent.begin("read", fd, 4096).assertWaits();
        log("first ");
        agent.assertWaits();
        log("second");
        channel.flush();
        assertThat(agent.answer().toString()).isEqualTo("first second");
        agent.begin("read", fd, 4096);
        channel.flush();
        agent.assertWaits(); // an empty sub-buffer is nothing to read
        log("x".repeat(4096));
        log("y");
        assertThat(agent.answer().toString()).isEqualTo("x".repeat(4096));
    }

    @Test
    void whoMayNotWaitIsToldToTryAgain() throws Exception {
        int fd = agent.open(file, "O_RDONLY|O_NONBLOCK");
        assertThat(agent.outcome("read", fd, 1)).isEqualTo("EAGAIN");
        log("x");
        assertThat(agent.outcome("read", fd, 10)).isEqualTo("x");
        assertThat(agent.outcome("read", fd, 10)).isEqualTo("EAGAIN");
        agent.call("put", mount.file("app/blocking"), "0");
        assertThat(agent.outcome("read", fd, 10)).as("as relay").isEmpty();
        agent.call("put", mount.file("app/blocking"), "1");
        channel.close();
        assertThat(agent.outcome("read", fd, 10)).as("at the end").isEmpty();
    }

    @Test
    void aSignalInterruptsAndLosesNothing() throws Exception {
        agent.call("interruptible");
        int fd = agent.open(file, "O_RDONLY");
        for (int i = 0; i < 5; i++) {
            agent.begin("read", fd, 100).assertWaits();
            agent.process().signal("USR1");
            assertThat(agent.answer().errno()).isEqualTo("EINTR");
        }
        log("all of it");
        assertThat(agent.read(fd, 100)).isEqualTo("all of it");
    }

    /// Signals and deliveries that meet: a read that is told EINTR has taken nothing, one that has taken something
    /// returns it. Goes on until enough of them have met, which takes longer where others use the CPUs.
    @Test
    void noSignalCostsAByte() throws Exception {
        Path out = temp.resolve("out");
        try (Client client = Client.start(Programs.c("interrupted_reader"), file, out.toString(), "100")) {
            client.awaitReady();
            int records = 0;
            boolean enough = false;
            while (records < 3_000 || !enough) {
                assertThat(records).as(client::toString).isLessThan(MOST_RECORDS);
                logUnlessDead(records++, client);
                if (records % 3 == 0) {
                    channel.flush();
                    LockSupport.parkNanos(100_000);
                }
                enough |= client.takeLine(0) != null;
            }
            channel.close();
            client.awaitSuccess();
            NumberedRecords check = new NumberedRecords(1, records);
            check.addStream(Files.readAllBytes(out));
            check.assertComplete();
        }
    }

    private void logUnlessDead(int number, Client client) throws InterruptedException {
        byte[] record = NumberedRecords.make(0, number, NumberedRecords.HEADER_LENGTH + number % 200);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (channel.write(record) < 0) {
            if (!client.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("nobody reads record " + number + ": " + client);
            }
            Thread.sleep(1);
        }
    }

    @Test
    void destructionAndUnmountingEndTheWait() throws Exception {
        try (Agent second = Agent.start()) {
            int fd = agent.open(file, "O_RDONLY");
            agent.begin("read", fd, 100).assertWaits();
            channel.close();
            assertThat(agent.answer().toString()).isEmpty();
            RelayChannel other = mount.relay().open("other", ChannelConfig.of(4096, 8));
            second.call("put", mount.file("other/blocking"), "1");
            second.begin("read", second.open(mount.file("other/cpu0"), "O_RDONLY"), 100)
                    .assertWaits();
            mount.mount().close();
            assertThat(second.answer().toString()).isEmpty();
            assertThat(other.isClosed()).isFalse();
        }
    }

    private static int threads() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
                .sum();
    }

    /// A reader more than the crowd: once it waits, all the others do, or nearly.
    private void awaitCrowd(Client crowd) throws Exception {
        crowd.awaitReady();
        agent.begin("read", agent.open(file, "O_RDONLY"), 100).assertWaits();
    }

    @Test
    void aCrowdOfWaitingReadersHoldsNoThread() throws Exception {
        int before = threads();
        try (Client crowd = Client.start(Programs.c("waiting_readers"), file, "" + CROWD)) {
            awaitCrowd(crowd);
            assertThat(threads()).isLessThan(before + 20);
            log("x");
            channel.flush();
            log("y");
            channel.flush();
            channel.close();
            crowd.awaitSuccess();
            assertThat(agent.answer().toString()).isIn("", "x", "y", "xy");
            assertThat(crowd.output().lines().filter("0"::equals)).hasSize(CROWD);
        }
    }

    @Test
    void aKilledCrowdLeavesNothingStuck() throws Exception {
        try (Client crowd = Client.start(Programs.c("waiting_readers"), file, "" + CROWD)) {
            awaitCrowd(crowd);
            long start = System.nanoTime();
            crowd.signal("KILL");
            assertThat(crowd.awaitEnd()).isEqualTo(128 + 9);
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
        log("for the living");
        channel.flush();
        assertThat(agent.answer().toString()).isEqualTo("for the living");
    }
}
