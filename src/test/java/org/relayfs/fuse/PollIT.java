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

/// poll, select and epoll of other processes.
@Timeout(120)
@MountTest
final class PollIT {
    @TempDir
    private Path folder;

    private TestMount mounted;
    private RelayChannel channel;

    @BeforeEach
    void mount() throws IOException {
        mounted = TestMount.open(folder, MountOptions.defaults());
        channel = mounted.channel("app", 4096, 8);
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    @Test
    void aClosedSubBufferIsReadable() throws Exception {
        String seen = mounted.python("""
                fd = os.open(writable('app/cpu0'), os.O_RDWR)
                writer = os.open(writable('app/cpu0'), os.O_WRONLY)
                p = select.poll(); p.register(fd, select.POLLIN | select.POLLOUT | select.POLLRDNORM | select.POLLPRI)
                w = select.poll(); w.register(writer, select.POLLIN | select.POLLOUT)
                def show(): print([e for _, e in p.poll(0)], [e for _, e in w.poll(0)])
                show(); os.write(fd, b'x' * 4000); show(); os.write(fd, b'x' * 100); show()
                os.read(fd, 3999); show(); os.read(fd, 1); show(); os.read(fd, 1000); show()
                control('app/flush', '1'); show(); os.read(fd, 1); show()
                """);
        assertThat(seen.lines())
                .containsExactly("[] []", "[] []", "[65] []", "[65] []", "[] []", "[] []", "[65] []", "[] []");
    }

    @Test
    void aWaitingPollerIsWokenBySwitchFlushAndEnd() throws Exception {
        String seen = mounted.python("""
                fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                w = os.open(writable('app/cpu0'), os.O_WRONLY)
                p = select.poll(); p.register(fd, select.POLLIN)
                def wait(limit, f, *args):
                    later(f, *args); start = time.time(); events = [e for _, e in p.poll(limit)]
                    print(events, time.time() - start < 5)
                wait(600, os.write, w, b'x' * 4000)
                wait(10000, os.write, w, b'x' * 4000)
                os.read(fd, 10000)
                wait(10000, control, 'app/flush', '1')
                os.read(fd, 10000)
                os.write(w, b'rest')
                wait(10000, control, 'app/create', '0')
                print(os.read(fd, 100)); print([e for _, e in p.poll(0)], os.read(fd, 100))
                """);
        assertThat(seen.lines()).containsExactly("[] True", "[1] True", "[1] True", "[25] True", "b'rest'", "[24] b''");
    }

    @Test
    void anEdgeTriggeredPollerSeesEverySwitch() throws Exception {
        String seen = mounted.python("""
                fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                e = select.epoll(); e.register(fd, select.EPOLLIN | select.EPOLLET)
                print(e.poll(0.1))
                f = os.open(D + 'app/flush', os.O_WRONLY)
                events = 0
                for i in range(2000):
                    os.write(f, b'1')
                    events += len(e.poll(10))
                    if i % 4 == 3: os.read(fd, 100)
                print(events, e.poll(0.1))
                """);
        assertThat(seen.lines()).containsExactly("[]", "2000 []");
    }

    @Test
    void allPollersOfAFileAreWoken() throws Exception {
        String seen = mounted.python("""
                def wait(i):
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    r[i] = len(select.select([fd], [], [], 10)[0])
                r = [None] * 20
                threads = [threading.Thread(target=wait, args=(i,)) for i in range(20)]
                for t in threads: t.start()
                time.sleep(0.5)
                control('app/flush', '1')
                for t in threads: t.join()
                print(sum(r))
                """);
        assertThat(seen).isEqualTo("20");
    }

    @Test
    void pollOfAControlFileDoesNotSpoilPollOfRelayFiles() throws Exception {
        String seen = mounted.python("""
                p = select.poll(); p.register(os.open(D + 'app/stats', os.O_RDONLY)); print(p.poll(0)[0][1])
                q = select.poll(); q.register(os.open(D + 'app/cpu0', os.O_RDONLY)); print(q.poll(0))
                """);
        assertThat(seen.lines()).containsExactly("5", "[]");
    }

    @Test
    void unmountingWakesPollers() throws Exception {
        Client client = mounted.startPython("""
                fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                p = select.poll(); p.register(fd, select.POLLIN)
                print('waits', flush=True)
                print(p.poll(20000)[0][1] & select.POLLERR, flush=True)
                """);
        assertThat(client.takeLine(20_000)).isEqualTo("waits");
        Thread.sleep(300);
        mounted.mount().close();
        assertThat(client.takeLine(20_000)).isEqualTo("8");
        assertThat(channel.isClosed()).isFalse();
    }
}
