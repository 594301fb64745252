package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Files of the program that serves a mount, as other processes use them.
@Timeout(120)
@MountTest
final class ProgramFilesIT {
    private static final String AS_ANOTHER = "os.setgroups([]); os.setgid(3000); os.setuid(3000)\n";

    /// Others can be let in, and become.
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    private Path folder;

    private TestMount mounted;
    private MountFiles files;

    @BeforeEach
    void mount() throws IOException {
        folder.toFile().setExecutable(true, false);
        mounted = TestMount.open(folder, MountOptions.defaults().withAllowOther(ROOT));
        files = mounted.mount().files();
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ContentSource text(String text) {
        return () -> bytes(text);
    }

    @Test
    void contentIsFreshAtTheStartAndThenOfOnePiece() throws Exception {
        AtomicInteger made = new AtomicInteger();
        files.file("count", 0444, () -> bytes("reading no. " + made.incrementAndGet() + "\n"), null);
        assertThat(mounted.sh(
                        "cat count; cat count; dd if=count bs=3 2>/dev/null; tail -c 3 count; stat -c %s:%a count"))
                .isEqualTo("reading no. 1\nreading no. 2\nreading no. 3\n 4\n0:444");
        assertThat(mounted.python("""
                fd = os.open(D + 'count', os.O_RDONLY)
                print(os.read(fd, 7), os.pread(fd, 100, 12), os.read(fd, 100), os.read(fd, 100))
                os.lseek(fd, -2, os.SEEK_CUR); print(os.read(fd, 1)); os.lseek(fd, 0, os.SEEK_SET); print(os.read(fd, 100))
                print(os.pread(os.open(D + 'count', os.O_RDONLY), 100, 12), os.pread(fd, 9, 5000))
                """).lines())
                .containsExactly("b'reading' b'5\\n' b' no. 5\\n' b''", "b'5'", "b'reading no. 6\\n'", "b'7\\n' b''");
    }

    @Test
    void aLargeContentComesWhole() throws Exception {
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + i / 4096);
        }
        files.file("large", 0400, () -> large, null);
        AtomicReference<byte[]> copied = new AtomicReference<>();
        files.file("copy", 0200, null, write -> copied.set(write.bytes()));
        assertThat(mounted.python("""
                whole = open(D + 'large', 'rb').read()
                fd = os.open(D + 'large', os.O_RDONLY); parts = b''
                while True:
                    part = os.read(fd, 7777)
                    if not part: break
                    parts += part
                print(len(whole), whole == parts, sum(whole))
                print(os.write(os.open(D + 'copy', os.O_WRONLY), whole[:65536]))
                print(errno_of(os.write, os.open(D + 'copy', os.O_WRONLY), whole[:65537]))
                """)).isEqualTo("1048576 True " + sum(large) + "\n65536\nEINVAL");
        assertThat(copied.get()).isEqualTo(java.util.Arrays.copyOf(large, 65536));
        files.file("larger", 0400, () -> new byte[(1 << 20) + 1], null);
        assertThat(mounted.sh("cat larger 2>&1; tail -n 2 error_log"))
                .contains("File too large", "EINVAL /copy", "limit=65536 bytes")
                .contains("EFBIG /larger \"read\" content: length=1048577, limit=1048576 bytes; show less");
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (byte b : bytes) {
            sum += b & 0xff;
        }
        return sum;
    }

    @Test
    void aWriteTellsWhatAndWho() throws Exception {
        List<FileWrite> writes = Collections.synchronizedList(new ArrayList<>());
        files.directory("myapp", 0755);
        files.file("myapp/start_test", 0622, text("idle\n"), writes::add);
        long pid =
                Long.parseLong(mounted.sh("echo go > myapp/start_test; printf 'a\\nb' >> myapp/start_test; echo $$"));
        assertThat(writes).extracting(FileWrite::text).containsExactly("go", "a\nb");
        assertThat(writes.getFirst().pid()).isEqualTo((int) pid);
        if (ROOT) {
            mounted.python(AS_ANOTHER + "os.write(os.open(D + 'myapp/start_test', os.O_WRONLY), b'other')");
            assertThat(writes.getLast()).matches(write -> write.uid() == 3000 && write.gid() == 3000);
        }
        assertThat(writes.getFirst().uid()).isEqualTo(Integer.parseInt(mounted.sh("id -u")));
    }

    @Test
    void aRefusalIsAnErrnoAndALineWithTheReason() throws Exception {
        files.file(
                "level",
                0600,
                () -> {
                    throw new RefusedException("ENODEV", "no level yet; write one");
                },
                write -> {
                    throw new RefusedException("EBUSY", "level: value=" + write.text() + "; stop the test first");
                });
        assertThat(mounted.sh("echo 7 > level; cat level; tail -n 2 error_log")
                        .lines()
                        .toList())
                .hasSize(2)
                .first()
                .asString()
                .contains(" EBUSY /level \"7\\n\" level: value=7; stop the test first");
        assertThat(mounted.python("""
                fd = os.open(D + 'level', os.O_RDWR)
                print(errno_of(os.write, fd, b'1'), errno_of(os.read, fd, 1), errno_of(os.ftruncate, fd, 5))
                """)).isEqualTo("EBUSY ENODEV EINVAL");
    }

    @Test
    void modesAndOwnersDecideAsForAllFiles() throws Exception {
        assumeTrue(ROOT, "becomes another user");
        files.file("private", 0600, text("secret\n"), write -> {});
        files.file("shown", 0444, text("shown\n"), null);
        files.file("wanted", 0222, null, write -> {});
        assertThat(mounted.sh(
                                "stat -c '%a %u %F' private shown wanted; cat wanted 2>&1; echo 1 2>&1 > shown; chmod 640 private;"
                                        + "chown 0:3000 private; touch -d 2001-01-01 private; stat -c '%a %g %y' private")
                        .lines())
                .hasSize(6)
                .contains("600 0 regular empty file", "444 0 regular empty file", "222 0 regular empty file")
                .anyMatch(line -> line.startsWith("640 3000 2001-01-01"))
                .anyMatch(line -> line.contains("wanted: Permission denied"));
        assertThat(mounted.python(AS_ANOTHER + """
                print(open(D + 'private').read(), open(D + 'shown').read())
                print(errno_of(os.open, D + 'private', os.O_WRONLY), errno_of(os.chmod, D + 'shown', 0o777),
                      errno_of(os.unlink, D + 'shown'), errno_of(os.open, D + 'wanted', os.O_RDONLY))
                """).lines()).contains("EACCES EPERM EACCES EACCES");
        assertThat(mounted.sh("rm shown 2>&1 || true")).contains("Operation not permitted");
    }

    @Test
    void pollersAreWokenByAChangeUntilTheyReadIt() throws Exception {
        AtomicInteger value = new AtomicInteger();
        MountedFile file = files.file("value", 0444, () -> bytes(value.get() + "\n"), null);
        try (Client client = mounted.startPython("""
                fd = os.open(D + 'value', os.O_RDONLY)
                p = select.poll(); p.register(fd, select.POLLPRI)
                e = select.epoll(); e.register(fd, select.EPOLLPRI | select.EPOLLET); e.poll(0)
                print(os.read(fd, 9), p.poll(0))
                for i in range(3):
                    print('waits')
                    print(p.poll(20000)[0][1] & (select.POLLPRI | select.POLLERR), len(e.poll(20)), p.poll(0) != [])
                    os.lseek(fd, 0, 0); print(os.read(fd, 9), p.poll(0))
                print('waits'); print(select.select([], [], [fd], 20)[2] == [fd])
                os.pread(fd, 9, 0); p.register(fd, select.POLLPRI | select.POLLHUP); print('waits')
                while not p.poll(20000)[0][1] & select.POLLHUP: pass
                print(errno_of(os.pread, fd, 9, 0))
                """)) {
            assertThat(client.awaitLine("b'")).isEqualTo("b'0\\n' []");
            for (int i = 1; i <= 3; i++) {
                client.awaitLine("waits");
                value.set(i);
                file.notifyChanged();
                assertThat(client.awaitLine("10")).isEqualTo("10 1 True");
                assertThat(client.awaitLine("b'")).isEqualTo("b'" + i + "\\n' []");
            }
            client.awaitLine("waits");
            file.notifyChanged();
            client.awaitLine("True");
            client.awaitLine("waits");
            file.close();
            assertThat(client.awaitSuccess().output()).endsWith("\nENODEV\n");
        }
        file.notifyChanged();
    }

    @Test
    void filesGoWithTheirDirectory() throws Exception {
        RelayChannel channel = mounted.channel("app", 4096, 4);
        MountedFile withChannel = files.file("app/start", 0600, text("s"), null);
        mounted.sh("mkdir made && echo 1 > made/create");
        MountedFile withRmdir = files.file("made/start", 0600, text("s"), null);
        MountedDirectory own = files.directory("own", 0755);
        MountedFile withOwn = files.file("own/create", 0600, text("any name is free here\n"), null);
        MountedFile alone = files.file("alone", 0600, text("s"), null);
        assertThat(mounted.sh("cat app/start made/start own/create alone; ls own"))
                .contains("ssany name is free here\nscreate");
        try (Client client = mounted.startPython("""
                fds = [os.open(D + n, os.O_RDONLY) for n in ('app/start', 'made/start', 'own/create', 'alone')]
                for fd in fds: os.read(fd, 100)
                print('ready'); sys.stdin.readline()
                print([errno_of(os.pread, fd, 100, 0) for fd in fds])
                """)) {
            client.awaitReady();
            channel.close();
            mounted.sh("rmdir made");
            own.close();
            alone.close();
            assertThat(List.of(withChannel, withRmdir, withOwn, alone)).noneMatch(MountedFile::isPresent);
            client.input().write('\n');
            client.input().flush();
            assertThat(client.awaitSuccess().output()).endsWith("\n['ENODEV', 'ENODEV', 'ENODEV', 'ENODEV']\n");
        }
        assertThat(mounted.sh("ls")).isEqualTo("buffers\nchannels\ncontrol\nerror_log\nmetrics\nstats\nversion");
        withChannel.close();
    }

    @Test
    void aHandlerThatThrowsHarmsOnlyItsCaller() throws Exception {
        files.file(
                "throws",
                0600,
                () -> {
                    throw new IllegalStateException("no content today");
                },
                write -> {
                    throw new StackOverflowError("deep");
                });
        files.file("null", 0400, () -> null, null);
        assertThat(mounted.python("""
                fd = os.open(D + 'throws', os.O_RDWR)
                for i in range(200): assert errno_of(os.write, fd, b'x') + errno_of(os.pread, fd, 1, 0) == 'EIOEIO'
                print(errno_of(os.read, os.open(D + 'null', os.O_RDONLY), 1))
                """)).isEqualTo("EIO");
        assertThat(mounted.sh("cat error_log version"))
                .contains("EIO /throws \"x\" its handler has thrown java.lang.StackOverflowError: deep")
                .contains("EIO /null \"read\" its handler has returned null")
                .contains("layout");
    }
}
