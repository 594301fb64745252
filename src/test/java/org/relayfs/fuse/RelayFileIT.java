package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Relay files as other programs see them.
@Timeout(120)
@MountTest
final class RelayFileIT {
    private static final int LINES = 2000;

    @TempDir
    private Path folder;

    @TempDir
    private Path work;

    private TestMount mounted;
    private RelayChannel channel;

    @BeforeEach
    void mount() throws IOException {
        mounted = TestMount.open(folder, MountOptions.defaults());
        channel = mounted.channel("app", 4096, 32);
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
        // JUnit keeps the first instance of a parameterized test, which would keep the memory mapped.
        mounted = null;
        channel = null;
    }

    private Path fill() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            String line = "line " + i + " of a prepared buffer\n";
            assertThat(channel.write(line.getBytes(StandardCharsets.US_ASCII))).isPositive();
            text.append(line);
        }
        return Files.writeString(work.resolve("expected"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat app/cpu0",
                "dd if=app/cpu0 bs=1 status=none",
                "dd if=app/cpu0 bs=512 status=none",
                "dd if=app/cpu0 bs=64K status=none",
                "dd if=app/cpu0 bs=1M status=none",
                "cp app/cpu0 /dev/stdout",
                "head -c 1000000 app/cpu0",
                "tail -n +1 app/cpu0",
                "grep -a . app/cpu0",
                "sed -n p app/cpu0",
                "python3 -c \"import sys; sys.stdout.write(open('app/cpu0').read())\"",
                "bash -c 'while IFS= read -r line; do echo \"$line\"; done < app/cpu0'",
            })
    void aToolReadsAllOfABuffer(String command) throws Exception {
        Path expected = fill();
        mounted.sh(command + " > " + work.resolve("actual"));
        assertThat(work.resolve("actual")).hasSameBinaryContentAs(expected);
        assertThat(mounted.sh("cat app/cpu0")).isEmpty();
    }

    /// `head` goes back over what it has read too much. Where that is possible, which a passthrough mount cannot
    /// prevent, the
    /// next reader begins there.
    @Test
    void aToolThatReadsTooMuchGoesBack() throws Exception {
        assumeTrue(mounted.mount().mmapMode() == MmapMode.PASSTHROUGH, "only passthrough lets a tool go back");
        Path expected = fill();
        mounted.sh("(head -n 3; cat) < app/cpu0 > " + work.resolve("actual"));
        assertThat(work.resolve("actual")).hasSameBinaryContentAs(expected);
    }

    @Test
    void aDescriptorOfADestroyedChannelKeepsItsBuffer() throws Exception {
        channel.write("old".getBytes(StandardCharsets.US_ASCII));
        String seen = mounted.python("""
                old = os.open(D + 'app/cpu0', os.O_RDONLY)
                inode = os.fstat(old).st_ino
                mapped = Map(old, 4096)
                control('app/create', '0')
                print(errno_of(os.stat, D + 'app/cpu0'), os.fstat(old).st_nlink)
                control('app/create', '1')
                control('app/write', 'new')
                names = [n for n in os.listdir(D + 'app') if n.startswith('cpu') and '.' not in n]
                new = [os.open(D + 'app/' + n, os.O_RDONLY) for n in names]
                print(os.fstat(old).st_ino == inode, inode not in [os.fstat(f).st_ino for f in new])
                print(os.read(old, 100), os.read(old, 100))
                print(b''.join(os.read(f, 100) for f in new), mapped.get(0, 3))
                """);
        assertThat(seen.lines()).containsExactly("ENOENT 0", "True True", "b'old' b''", "b'new' b'old'");
    }

    @Test
    void sizeAndInodeAgreeWhereverTheyAreAsked() throws Exception {
        channel.write(new byte[4000]);
        channel.write(new byte[200]);
        String seen = mounted.python("""
                fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                ids = (1, 2) if os.getuid() == 0 else (os.getuid(), os.getgid())
                by_fd, by_name = os.fstat(fd), os.stat(D + 'app/cpu0')
                entry = [e.inode() for e in os.scandir(D + 'app') if e.name == 'cpu0'][0]
                print(by_fd.st_size, by_name.st_size, by_fd.st_ino == by_name.st_ino == entry, oct(by_fd.st_mode))
                os.close(os.open(writable('app/cpu0'), os.O_RDWR | os.O_TRUNC))
                print(os.fstat(fd).st_size, len(os.read(fd, 10000)))
                os.chmod(D + 'app/cpu0', 0o440); os.chown(D + 'app/cpu0', *ids); os.utime(D + 'app/cpu0', (5, 6))
                s = os.fstat(fd); print(oct(s.st_mode), (s.st_uid, s.st_gid) == ids, s.st_atime, s.st_mtime)
                """);
        boolean cached = mounted.mount().mmapMode() == MmapMode.CACHED;
        assertThat(seen.lines())
                .containsExactly(
                        cached ? "131072 131072 True 0o100400" : "4000 4000 True 0o100400",
                        cached ? "131072 4200" : "0 4200",
                        "0o100440 True 5.0 6.0");
    }

    /// Field case 23: the limit is that of the kernel, and it is told.
    @Test
    void aRecordThatTheKernelMayDivideIsRefusedAndStandsInTheLog() throws Exception {
        mounted.relay().open("large", ChannelConfig.of(4 << 20, 2).withGlobal(true));
        String seen = mounted.python("""
                for name in 'large/write', 'large/cpu0':
                    fd = os.open(writable(name), os.O_WRONLY)
                    print(os.write(fd, b'x' * 1044480), errno_of(os.write, fd, b'x' * 1044481), errno_of(os.write, fd, b'x' * 3000000))
                for line in open(D + 'error_log'):
                    print(line[25:].split(' "')[0], line.rstrip().split(', ', 1)[1])
                """);
        String reason = "limit=1044480 bytes, which the kernel hands over in one piece; write less at once";
        assertThat(seen.lines())
                .containsExactly(
                        "1044480 EMSGSIZE EMSGSIZE",
                        "1044480 EMSGSIZE EMSGSIZE",
                        "EMSGSIZE /large/write " + reason,
                        "EMSGSIZE /large/write " + reason,
                        "EMSGSIZE /large/cpu0 " + reason,
                        "EMSGSIZE /large/cpu0 " + reason);
    }

    /// Field case 23: by a control file's name and by a relay file's, which different planes answer.
    @Test
    void dfShowsTheQuotaAndWhatIsLeft() throws Exception {
        try (TestMount small =
                TestMount.open(Relay.create(16 << 20), MountOptions.defaults().withMaxChannels(10))) {
            RelayChannel app = small.channel("app", 1 << 20, 4);
            String seen = small.python("""
                    for name in '', 'app/cpu0':
                        s = os.statvfs(D + name)
                        print(s.f_blocks * s.f_frsize, s.f_bfree * s.f_frsize, s.f_bavail == s.f_bfree, s.f_files, s.f_ffree)
                    """);
            String left = (16 << 20) + " " + ((16 << 20) - (app.reservedBytes() + 4095) / 4096 * 4096) + " True 10 9";
            assertThat(seen.lines()).containsExactly(left, left);
        }
    }

    @Test
    void aWriteIsOneRecord() throws Exception {
        String seen = mounted.python("""
                fd = os.open(writable('app/cpu0'), os.O_RDWR)
                print(os.write(fd, b'x' * 4096), errno_of(os.write, fd, b'x' * 4097), errno_of(os.write, fd, b'x' * 3000000))
                while errno_of(os.write, fd, b'y' * 4096) == 'OK': pass
                print(errno_of(os.write, fd, b'y'), len(os.read(fd, 1 << 20)))
                control('app/enabled', '0'); print(errno_of(os.write, fd, b'z'))
                control('app/create', '0'); print(errno_of(os.write, fd, b'z'))
                """);
        assertThat(seen.lines()).containsExactly("4096 EMSGSIZE EMSGSIZE", "EAGAIN 131072", "ESHUTDOWN", "ESHUTDOWN");
        assertThat(channel.stats().getFirst().records()).isEqualTo(32);
    }

    @Test
    void otherCallsAnswerAsOnRelay() throws Exception {
        channel.write(new byte[5000 - 904]);
        channel.write(new byte[100]);
        String seen = mounted.python("""
                import fcntl
                f = writable('app/cpu0')
                fd = os.open(f, os.O_RDWR)
                null = os.open('/dev/null', os.O_WRONLY)
                read, write = os.pipe()
                print('unlink', errno_of(os.unlink, f), 'rename', errno_of(os.rename, f, D + 'x'))
                print('link', errno_of(os.link, f, D + 'x'), 'symlink', errno_of(os.symlink, f, D + 'x'))
                print('create', errno_of(os.open, D + 'x', os.O_CREAT | os.O_WRONLY), 'mknod', errno_of(os.mknod, D + 'x'))
                print('excl', errno_of(os.open, f, os.O_CREAT | os.O_EXCL), 'directory', errno_of(os.open, f, os.O_DIRECTORY))
                print('direct', errno_of(os.open, f, os.O_DIRECT), 'missing', errno_of(os.open, D + 'app/cpu4000', 0))
                print('fsync', errno_of(os.fsync, fd), 'ioctl', errno_of(fcntl.ioctl, fd, 0x5401, b'0' * 64))
                print('xattr', errno_of(os.getxattr, f, 'user.x'), errno_of(os.setxattr, f, 'user.x', b''))
                print('pread', errno_of(os.pread, fd, 10, 5), 'seek to the end', errno_of(os.lseek, fd, 0, os.SEEK_END))
                print('splice', errno_of(os.splice, fd, write, 100), 'sendfile', errno_of(os.sendfile, null, fd, 0, 100))
                print('flock', errno_of(fcntl.flock, fd, fcntl.LOCK_EX), 'access', os.access(f, os.X_OK), os.access(f, os.R_OK))
                print('ofd', errno_of(os.read, os.open(f, os.O_WRONLY), 1), len(os.read(fd, 10000)))
                """);
        assertThat(seen.lines())
                .containsExactly(
                        "unlink EPERM rename EPERM",
                        "link EPERM symlink EPERM",
                        "create EACCES mknod EACCES",
                        "excl EEXIST directory ENOTDIR",
                        "direct EINVAL missing ENOENT",
                        "fsync EINVAL ioctl ENOTTY",
                        "xattr ENOTSUP ENOTSUP",
                        "pread ESPIPE seek to the end ESPIPE",
                        mounted.mount().mmapMode() == MmapMode.CACHED
                                ? "splice OK sendfile ESPIPE"
                                : "splice EINVAL sendfile EINVAL",
                        "flock OK access False True",
                        "ofd EBADF 4196");
    }

    @Test
    void twoReadersShareTheStream() throws Exception {
        Path expected = fill();
        String script = "dd if=app/cpu0 bs=100 status=none";
        List<Client> readers = List.of(
                Client.start("sh", "-c", "cd " + folder + "; " + script),
                Client.start("sh", "-c", "cd " + folder + "; " + script));
        long total = 0;
        for (Client reader : readers) {
            total += reader.awaitSuccess().outputBytes().length;
        }
        assertThat(total).isEqualTo(Files.size(expected));
    }
}
