package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Reads that wait (`blocking` = 1).
@Timeout(120)
@MountTest
final class BlockingReadIT {
    @TempDir
    private Path folder;

    private TestMount mounted;
    private RelayChannel channel;

    @BeforeEach
    void mount() throws Exception {
        mounted = TestMount.open(folder, MountOptions.defaults());
        channel = mounted.channel("app", 4096, 8);
        mounted.sh("echo 1 > app/blocking");
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    /// A reader, once it waits.
    private Client reader(String body) throws IOException, InterruptedException {
        Client client = mounted.startPython("""
                class Interrupted(Exception): pass
                def interrupted(*_): raise Interrupted()
                signal.signal(signal.SIGUSR1, interrupted)
                fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                def read():
                    try: return len(os.read(fd, 100000))
                    except Interrupted: return 'EINTR'
                print(os.getpid(), flush=True)
                """ + body);
        assertThat(client.takeLine(20_000)).matches("\\d+");
        waitFor(1);
        return client;
    }

    private void waitFor(int readers) throws InterruptedException {
        for (int i = 0; mounted.mount().waitingReadCount() < readers; i++) {
            assertThat(i).isLessThan(500);
            Thread.sleep(20);
        }
    }

    private void assertNobodyWaits() throws InterruptedException {
        for (int i = 0; mounted.mount().waitingReadCount() > 0; i++) {
            assertThat(i).isLessThan(250);
            Thread.sleep(20);
        }
    }

    @Test
    void aReadWaitsForADelivery() throws Exception {
        Client client = reader("print(read())");
        channel.write(new byte[100]);
        channel.flush();
        assertThat(client.awaitRest()).isEqualTo("100");
    }

    @Test
    void aReadThatMayNotWaitIsRefused() throws Exception {
        assertThat(mounted.python("""
                        fd = os.open(D + 'app/cpu0', os.O_RDONLY | os.O_NONBLOCK)
                        print(errno_of(os.read, fd, 1))
                        """)).isEqualTo("EAGAIN");
    }

    @Test
    void atTheEndThereIsNothingToWaitFor() throws Exception {
        try (Client reader = mounted.startPython("""
                fd = os.open(D + 'app/cpu0', os.O_RDONLY | os.O_NONBLOCK)
                p = select.poll(); p.register(fd, select.POLLPRI)
                print('ready', flush=True)
                p.poll()
                print(len(os.read(fd, 1)))
                """).awaitReady()) {
            channel.close();
            assertThat(reader.awaitRest()).isEqualTo("0");
        }
    }

    @Test
    void aSignalEndsTheWait() throws Exception {
        Client client = reader("""
                later(os.kill, os.getpid(), signal.SIGUSR1)
                print(read())
                """);
        assertThat(client.awaitRest()).isEqualTo("EINTR");
        assertNobodyWaits();
    }

    @Test
    void aKilledReaderLeavesNothingBehind() throws Exception {
        Client client = reader("read()");
        client.signal("KILL");
        assertNobodyWaits();
        channel.write(new byte[10]);
        assertThat(mounted.python("print(len(os.read(os.open(D + 'app/cpu0', os.O_RDONLY), 100)))"))
                .isEqualTo("10");
    }

    @Test
    void killingManyWaitingReadersAtOnceLeavesNothingBehind() throws Exception {
        Client client = mounted.startPython("""
                for _ in range(10):
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    for _ in range(20): threading.Thread(target=os.read, args=(os.dup(fd), 4)).start()
                """);
        // Reads of one descriptor come one after another: one of each twenty reaches the server.
        waitFor(10);
        client.signal("KILL");
        assertThat(client.awaitEnd()).isEqualTo(128 + 9);
        assertNobodyWaits();
    }

    @Test
    void destroyingTheChannelEndsTheWait() throws Exception {
        Client client = reader("print(read(), read())");
        channel.close();
        assertThat(client.awaitRest()).isEqualTo("0 0");
    }

    @Test
    void unmountingEndsTheWait() throws Exception {
        Client client = reader("print(read())");
        mounted.mount().close();
        assertThat(client.awaitRest()).isEqualTo("0");
    }

    @Test
    void fiveHundredWaitingReadersHoldNoThread() throws Exception {
        int before = Thread.activeCount();
        Client client = mounted.startPython("""
                threading.stack_size(65536)
                got = []
                def wait():
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    got.append(len(os.read(fd, 4)))
                threads = [threading.Thread(target=wait) for _ in range(500)]
                for t in threads: t.start()
                for t in threads: t.join()
                print(sum(got))
                """);
        waitFor(500);
        assertThat(Thread.activeCount()).isLessThan(before + 10);
        channel.write(new byte[2000]);
        channel.flush();
        assertThat(client.awaitRest()).isEqualTo("2000");
        assertNobodyWaits();
    }
}
