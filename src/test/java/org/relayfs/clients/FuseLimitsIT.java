package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What the kernel does not let a FUSE file system do as relayfs did, and what to do instead.
@MountTest
final class FuseLimitsIT {
    private static final String FUSE_SUPER_MAGIC = "65735546";

    private static TestMount open(MmapMode mode) throws Exception {
        return TestMount.open(MountOptions.defaults().withMmap(mode));
    }

    private static RelayChannel fill(TestMount mount) throws Exception {
        RelayChannel channel = mount.channel("app", 4096, 4);
        for (int i = 0; i < 10; i++) {
            channel.write(new byte[1000]);
        }
        return channel;
    }

    @Test
    void itsTypeIsThatOfFuseWithANameBehindIt() throws Exception {
        try (TestMount mount = TestMount.open()) {
            fill(mount);
            assertThat(mount.sh("stat -f -c %t . app/cpu0")).isEqualTo(FUSE_SUPER_MAGIC + "\n" + FUSE_SUPER_MAGIC);
            String type =
                    "while read -r what where type rest; do [ \"$where\" != \"$1\" ] || echo $type; done </proc/mounts";
            assertThat(Client.shell(type, mount.path()).strip()).isEqualTo("fuse.relayfs");
            assertThat(Client.shell("mount -t fuse.relayfs", mount.path())).contains("on " + mount.path() + " ");
            assertThat(Client.shell("mount -t relayfs", mount.path())).isEmpty();
        }
    }

    /// blktrace as a client of the network sends `st_size` less what it has sent; with `-s` it reads as much.
    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void sendfileIsRefusedAndAReadOfTheSizeIsWhole(MmapMode mode) throws Exception {
        try (TestMount mount = open(mode)) {
            fill(mount);
            assertThat(mount.python("""
                    import socket
                    here, there = socket.socketpair()
                    f = os.open(D + 'app/cpu0', os.O_RDONLY | os.O_NONBLOCK)
                    print(errno_of(os.sendfile, here.fileno(), f, None, 8000))
                    print(len(os.read(f, 8000)), len(os.read(f, 8000)))
                    """)).isEqualTo("EINVAL\n8000 2000");
        }
    }

    @Test
    void spliceAndSendfileIntoItLogRecords() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.channel("app", 4096, 4);
            assertThat(mount.python("""
                    f = os.open(writable('app/cpu0'), os.O_WRONLY)
                    r, w = os.pipe()
                    os.write(w, b'spliced')
                    print(os.splice(r, f, 7))
                    with open('/proc/self/exe', 'rb') as source:
                        print(os.sendfile(f, source.fileno(), 1, 3))
                    print(os.read(os.open(D + 'app/cpu0', os.O_RDONLY), 100))
                    """)).isEqualTo("7\n3\nb'splicedELF'");
            assertThat(channel.stats().getFirst().records()).isEqualTo(2);
        }
    }

    /// `fileop_notify` could refuse a mapping. Here whoever may open a file for reading may map it, if anybody may.
    @Test
    void whoMayOpenMayMapUnlessNobodyMay() throws Exception {
        String script = """
                def mapped(how):
                    try:
                        Map(os.open(D + 'app/cpu0', how), 4096)
                        return 'mapped'
                    except OSError as e:
                        return errno.errorcode[e.errno]
                print(mapped(os.O_RDONLY))
                os.chmod(D + 'app/cpu0', 0)
                if os.getuid() == 0:
                    os.setuid(65534)
                print(mapped(os.O_RDONLY))
                """;
        for (MmapMode mode : new MmapMode[] {MmapMode.CACHED, MmapMode.OFF}) {
            MountOptions options = MountOptions.defaults().withMmap(mode).withAllowOther(SharedFolder.userId() == 0);
            try (TestMount mount = TestMount.open(options)) {
                fill(mount);
                assertThat(mount.python(script)).isEqualTo(mode == MmapMode.OFF ? "ENODEV\nEACCES" : "mapped\nEACCES");
            }
        }
    }

    /// `buf_mapped` and `buf_unmapped` told the client; here procfs tells whoever may look.
    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED"})
    void procfsTellsWhoHasAFileMapped(MmapMode mode) throws Exception {
        try (TestMount mount = open(mode)) {
            fill(mount);
            try (Client client = mount.startPython("""
                    f = os.open(D + 'app/cpu0', os.O_RDONLY)
                    m = Map(f, 16384)
                    os.close(f)
                    print('ready')
                    sys.stdin.read()
                    """)) {
                client.awaitReady();
                String maps = "grep -c ' '\"$2\"'$' /proc/$1/maps || true";
                String file = mount.file("app/cpu0");
                assertThat(Client.shell(maps, client.pid(), file).strip()).isEqualTo("1");
                assertThat(Client.shell(maps, "self", file).strip()).isEqualTo("0");
            }
        }
    }
}
