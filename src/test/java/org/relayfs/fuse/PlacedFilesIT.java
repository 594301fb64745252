package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Text.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Relay files outside their channel's directory, as other processes see them.
@Timeout(60)
@MountTest
final class PlacedFilesIT {
    private static final String CREATE = "echo create app global=1 subbuf_size=4K n_subbufs=4 ";

    private static final Path MAPS = Path.of("/proc/self/maps");

    @TempDir
    private Path temp;

    @Test
    void filesInTheRootAreReadLikeAnyOther() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            assertThat(mounted.sh(CREATE + """
                    files=/ base=diskstat > control
                    echo one > app/write; cat diskstat0
                    echo two > app/write; dd if=diskstat0 bs=2 status=none
                    echo 1 > app/flush; od -An -td8 diskstat0.produced diskstat0.consumed | tr -s ' '
                    ls | tr '\\n' ' '; ls app | grep -c -e cpu -e diskstat; cat buffers; stat -c %a diskstat0
                    """))
                    .isEqualTo("one\ntwo\n 1 0\n"
                            + "app buffers channels control diskstat0 diskstat0.consumed diskstat0.produced error_log metrics stats"
                            + " version 0\nchannel cpu file\napp 0 /diskstat0\n400");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED"})
    void theyAreMapped(MmapMode mode) throws Exception {
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode))) {
            assertThat(mount.python("""
                    control('control', 'create app global=1 subbuf_size=4K n_subbufs=4 files=/a/b base=ring numbered=0\\n')
                    control('app/write', 'mapped')
                    control('app/flush', '1')
                    fd = os.open(D + 'a/b/ring', os.O_RDONLY)
                    print(select.select([fd], [], [], 5)[0] == [fd], Map(fd, 16384).get(0, 6), os.read(fd, 100))
                    control('control', 'destroy app')
                    print(errno_of(os.stat, D + 'a'), os.fstat(fd).st_nlink)
                    """)).isEqualTo("True b'mapped' b'mapped'\nENOENT 0");
        }
    }

    /// Names change their meaning at once: a file, nothing, another file, a directory, a file.
    @Test
    void aNameIsWhatItIsRightNow() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            assertThat(mounted.python("""
                    create = 'create app global=1 subbuf_size=4K n_subbufs=4 files=/ base=x\\n'
                    print(errno_of(os.stat, D + 'x0'))
                    seen = set()
                    for i in range(50):
                        control('control', create)
                        status = os.stat(D + 'x0')
                        assert status.st_nlink == 1 and status.st_ino not in seen
                        seen.add(status.st_ino)
                        assert 'x0' in os.listdir(D)
                        control('app/write', 'r%d' % i)
                        fd = os.open(D + 'x0', os.O_RDONLY)
                        counter = os.open(D + 'x0.produced', os.O_RDONLY)
                        control('control', 'destroy app\\n')
                        assert errno_of(os.stat, D + 'x0') == errno_of(os.stat, D + 'x0.consumed') == 'ENOENT'
                        assert os.read(fd, 10) == b'r%d' % i and os.fstat(fd).st_nlink == 0
                        assert len(os.read(counter, 8)) == 8
                        os.mkdir(D + 'x0')
                        assert os.stat(D + 'x0').st_nlink == 2 and 'stats' in os.listdir(D + 'x0')
                        assert errno_of(control, 'control', create) == 'EEXIST'
                        os.rmdir(D + 'x0')
                        os.close(fd)
                        os.close(counter)
                    print(errno_of(os.stat, D + 'x0'), sorted(os.listdir(D)))
                    """))
                    .isEqualTo(
                            "ENOENT\nENOENT ['buffers', 'channels', 'control', 'error_log', 'metrics', 'stats', 'version']");
        }
    }

    /// It goes on knowing them, because it is not told that they are gone.
    @Test
    void whatTheKernelKnowsOfThemKeepsNoMemory() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            String folder = mounted.relay().folder() + "/app.";
            mounted.sh(CREATE + "files=/ > control; cat cpu0 cpu0.produced cpu0.consumed; stat app/* > /dev/null");
            assertThat(Files.readString(MAPS)).contains(folder);
            mounted.sh("echo destroy app > control");
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                System.gc();
                return !Files.readString(MAPS).contains(folder);
            });
        }
    }

    private static ChannelCallbacks placing(String directory) {
        return new ChannelCallbacks() {
            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                return directory + "/trace" + buffer.cpu();
            }
        };
    }

    @Test
    void aClientPutsThemIntoATreeOfTheProgramsOwn() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 4).withGlobal(true).withCallbacks(placing("/myapp/block/sda"));
        try (TestMount mounted = TestMount.open();
                MountedDirectory own = mounted.mount().files().directory("myapp/block", 0755);
                RelayChannel channel = mounted.relay().open("sda", config)) {
            channel.write(bytes("logged\n"));
            assertThat(mounted.sh("cat myapp/block/sda/trace0; ls myapp/block/sda; rmdir myapp/block/sda 2>&1 || tail"
                            + " -n 1 error_log"))
                    .startsWith("logged\ntrace0\ntrace0.consumed\ntrace0.produced\n")
                    .contains("Device or resource busy")
                    .contains("directory /myapp/block/sda: has files of channel sda; destroy that first");
            assertThat(own.path()).isEqualTo("/myapp/block");
            assertThat(mounted.sh("echo destroy sda > control; ls -A myapp/block; ls -d myapp/block"))
                    .isEqualTo("myapp/block");
        }
    }

    @Test
    void whoMayNotPassThroughTheDirectoryMayNotReadThem() throws Exception {
        assumeTrue(SharedFolder.userId() == 0, "becomes another user");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectory(temp.resolve("mnt"));
        try (TestMount mount = TestMount.open(folder, MountOptions.defaults().withAllowOther(true))) {
            mount.sh(CREATE + "files=/private file_mode=444 > control; echo 1 > app/write");
            assertThat(mount.python("""
                    def as_other():
                        if os.fork() == 0:
                            os.setuid(3000)
                            print(errno_of(os.stat, D + 'private/cpu0'), errno_of(os.open, D + 'private/cpu0', 0), flush=True)
                            os._exit(0)
                        os.wait()
                    as_other()
                    os.chmod(D + 'private', 0o700)
                    as_other()
                    os.chmod(D + 'private', 0o755)
                    os.chmod(D + 'private/cpu0', 0o400)
                    as_other()
                    """)).isEqualTo("OK OK\nEACCES EACCES\nOK EACCES");
        }
    }

    @Test
    void aPlainDirectoryIsSteeredFromTheRoot() throws Exception {
        try (TestMount mounted = TestMount.open()) {
            assertThat(mounted.sh(CREATE + """
                    plain=1 file_mode=600 > control
                    ls app; echo hello > app/cpu0; cat app/cpu0
                    echo again > app/cpu0; echo flush app > control; grep '^app ' stats | cut -d ' ' -f 1,2,3,8
                    echo disable app > control; echo no > app/cpu0 2>/dev/null || echo refused
                    echo enable app > control; echo reset app > control; grep '^app ' stats | cut -d ' ' -f 3,8
                    echo destroy app > control; ls -d app 2>/dev/null || echo gone
                    """)).isEqualTo("cpu0\nhello\napp 0 1 2\nrefused\n0 0\ngone");
        }
    }
}
