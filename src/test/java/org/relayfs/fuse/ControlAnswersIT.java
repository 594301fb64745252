package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What a mount answers to calls on control files and directories that few programs make.
@Timeout(60)
@MountTest
final class ControlAnswersIT {
    @TempDir
    private Path temp;

    private Path folder;
    private TestMount mounted;

    @BeforeEach
    void mount() throws IOException {
        folder = Files.createDirectory(temp.resolve("mnt"));
        mounted = TestMount.open(
                folder,
                MountOptions.defaults()
                        .withAllowOther("root".equals(System.getProperty("user.name")))
                        .withMaxChannels(10));
        mounted.channel("app", 4096, 4);
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    @Test
    void controlFilesAreNoDevicesAndTakeNoSpace() throws Exception {
        assertThat(mounted.python("""
                import fcntl
                fd = os.open(D + 'control', os.O_RDWR)
                print('ioctl', errno_of(fcntl.ioctl, fd, 0x5401, b'0' * 64), 'fsync', errno_of(os.fsync, fd))
                print('fallocate', _c.fallocate(fd, 0, ctypes.c_long(0), ctypes.c_long(10)), errno.errorcode[ctypes.get_errno()])
                print('create', errno_of(os.open, D + 'app/x', os.O_CREAT | os.O_WRONLY), 'mknod', errno_of(os.mknod, D + 'x'))
                print('links', os.stat(D + 'control').st_nlink, os.stat(D + 'app/stats').st_nlink)
                """).lines())
                .containsExactly(
                        "ioctl ENOTTY fsync OK", "fallocate -1 ENOTSUP", "create EACCES mknod EACCES", "links 1 1");
    }

    /// `find -type` and `ls --color` ask no more if the directory tells.
    @Test
    void aDirectoryTellsWhichOfItsEntriesAreDirectories() throws Exception {
        assertThat(mounted.python("""
                _c.opendir.restype = _c.readdir.restype = ctypes.c_void_p
                directory = ctypes.c_void_p(_c.opendir(D.encode()))
                types = {}
                while entry := _c.readdir(directory):
                    types[ctypes.string_at(entry + 19).decode()] = ctypes.string_at(entry + 18, 1)[0]
                print(types['app'], types['control'])
                """)).isEqualTo("4 8");
    }

    @Test
    void theSpaceThatIsLeftIsLessThanAll() throws Exception {
        assertThat(mounted.python("""
                for name in '', 'control', 'app/cpu0':
                    s = os.statvfs(D + name)
                    print(s.f_bavail == s.f_bfree, s.f_bfree < s.f_blocks, s.f_files, s.f_ffree, s.f_favail, s.f_bsize, s.f_namemax)
                """).lines()).containsOnly("True True 10 9 9 4096 255");
    }

    /// Field case 3: each holds its content.
    @Test
    void controlFilesAreOpenInALimitedNumber() throws Exception {
        assertThat(mounted.python("""
                import resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (5000, 5000))
                files = [os.open(D + 'version', os.O_RDONLY) for i in range(4096)]
                print(errno_of(os.open, D + 'version', os.O_RDONLY))
                os.close(files[0])
                time.sleep(0.1) # the kernel tells of it later
                print(errno_of(os.open, D + 'version', os.O_RDONLY))
                """).lines()).containsExactly("ENFILE", "OK");
    }

    @Test
    void othersHaveFewerAndGetThemBack() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(mounted.python("""
                import resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (5000, 5000))
                os.setuid(3000)
                for i in range(2):
                    files = [os.open(D + 'version', os.O_RDONLY) for i in range(1024)]
                    print(errno_of(os.open, D + 'version', os.O_RDONLY))
                    for file in files: os.close(file)
                    time.sleep(0.5) # the kernel tells of it later
                """).lines()).containsExactly("ENFILE", "ENFILE");
    }

    /// Both directories change.
    @Test
    void renamingAsksForBothDirectories() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(mounted.python("""
                for name, mode in ('mine', 0o777), ('yours', 0o755):
                    os.mkdir(D + name); os.chmod(D + name, mode)
                os.setuid(3000)
                print(errno_of(os.rename, D + 'mine/mode', D + 'mine/x'), errno_of(os.rename, D + 'mine/mode', D + 'yours/x'))
                print(errno_of(os.rename, D + 'yours/mode', D + 'mine/x'))
                """).lines()).containsExactly("EPERM EACCES", "EACCES");
    }
}
