package org.relayfs.fuse;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Mappings of relay files by other processes.
@Timeout(120)
@MountTest
final class MmapIT {
    /// Follows poll, `produced`, map, `consumed`, as librelay does, and compares every byte.
    private static final String LIBRELAY_LOOP = """
            for flags in mmap.MAP_SHARED, mmap.MAP_PRIVATE | 0x8000:
                control('app/reset', '1')
                fd = os.open(D + 'app/cpu0', os.O_RDONLY | os.O_NONBLOCK)
                w = os.open(writable('app/cpu0'), os.O_WRONLY)
                produced = os.open(D + 'app/cpu0.produced', os.O_RDONLY)
                consumed = os.open(D + 'app/cpu0.consumed', os.O_RDWR)
                mapped = Map(fd, 16384, flags)
                p = select.poll(); p.register(fd, select.POLLIN)
                def number(fd): os.lseek(fd, 0, 0); return int.from_bytes(os.read(fd, 8), 'little')
                seen = 0
                for i in range(100):
                    os.write(w, bytes([65 + i % 26]) * 4096)
                    if i == 0: continue
                    assert p.poll(5000)
                    while seen < number(produced):
                        got = mapped.get(seen % 4 * 4096, 4096)
                        assert got == bytes([65 + seen % 26]) * 4096, (i, seen, got[:1], got[-1:])
                        seen += 1
                        os.write(consumed, (1).to_bytes(8, 'little'))
                print(seen, number(consumed))
            """;

    @TempDir
    private Path folder;

    private TestMount mount(MmapMode mode) throws IOException {
        if (mode == MmapMode.PASSTHROUGH) {
            assumeTrue("root".equals(System.getProperty("user.name")), "passthrough needs CAP_SYS_ADMIN");
        }
        TestMount mounted = TestMount.open(folder, MountOptions.defaults().withMmap(mode));
        assertThat(mounted.mount().mmapMode()).isEqualTo(mode);
        return mounted;
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED"})
    void aReaderThatFollowsProducedNeverSeesOldBytes(MmapMode mode) throws Exception {
        try (TestMount mounted = mount(mode)) {
            mounted.channel("app", 4096, 4);
            assertThat(mounted.python(LIBRELAY_LOOP).lines()).containsExactly("99 99", "99 99");
        }
    }

    @Test
    void passthroughShowsARecordBeforeItsSubBufferIsClosed() throws Exception {
        try (TestMount mounted = mount(MmapMode.PASSTHROUGH)) {
            mounted.channel("app", 4096, 4);
            assertThat(mounted.python("""
                            fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                            m = Map(fd, 16384)
                            w = os.open(writable('app/cpu0'), os.O_WRONLY)
                            os.write(w, b'first'); print(m.get(0, 6)); os.write(w, b'!'); print(m.get(0, 6))
                            print(os.read(fd, 100), m.get(0, 6), os.fstat(fd).st_size)
                            print(errno_of(Map, fd, 16384, mmap.MAP_SHARED, mmap.PROT_WRITE))
                            """).lines())
                    .containsExactly("b'first\\x00'", "b'first!'", "b'first!' b'first!' 0", "EACCES");
        }
    }

    @Test
    void aMappingOutlivesDescriptorChannelAndMount() throws Exception {
        Client client;
        try (TestMount mounted = mount(MmapMode.PASSTHROUGH)) {
            RelayChannel channel = mounted.channel("app", 4096, 4);
            channel.write("kept".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client = mounted.startPython("""
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    m = Map(fd, 16384)
                    os.close(fd)
                    print('mapped', flush=True)
                    sys.stdin = open(D + 'version')
                    while os.path.exists(D + 'version'): time.sleep(0.05)
                    time.sleep(0.2)
                    print(m.get(0, 4), m.get(16380, 4), flush=True)
                    """);
            assertThat(client.takeLine(20_000)).isEqualTo("mapped");
        }
        assertThat(client.awaitRest()).isEqualTo("b'kept' b'\\x00\\x00\\x00\\x00'");
    }

    @Test
    void switchedOffRelayFilesCannotBeMapped() throws Exception {
        try (TestMount mounted = mount(MmapMode.OFF)) {
            mounted.channel("app", 4096, 4);
            assertThat(mounted.python("""
                            fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                            print(errno_of(Map, fd, 16384), errno_of(os.lseek, fd, 0, os.SEEK_CUR), os.fstat(fd).st_size)
                            """)).isEqualTo("ENODEV ESPIPE 0");
        }
    }

    @Test
    void cachedFilesReportAtLeastTheRing() throws Exception {
        try (TestMount mounted = mount(MmapMode.CACHED)) {
            mounted.channel("app", 4096, 4).write(new byte[100]);
            assertThat(mounted.python("""
                            fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                            print(os.fstat(fd).st_size, errno_of(os.lseek, fd, 0, os.SEEK_CUR))
                            print(errno_of(os.pread, fd, 1, 0), len(os.read(fd, 1000)))
                            """).lines()).containsExactly("16384 ESPIPE", "ESPIPE 100");
        }
    }

    /// What the kernel has registered for mappings holds the file.
    @Test
    void theMemoryOfADestroyedChannelIsFreeThoughItWasOpen() throws Exception {
        try (TestMount mounted = mount(MmapMode.PASSTHROUGH)) {
            File tmpfs = mounted.relay().folder().toFile();
            mounted.channel("first", 4096, 2);
            mounted.sh("cat first/cpu0");
            long before = tmpfs.getUsableSpace();
            for (int i = 0; i < 4; i++) {
                mounted.sh("echo create app global=1 subbuf_size=16M n_subbufs=2 > control;"
                        + "cat app/cpu0; cat app/cpu0; echo destroy app > control");
            }
            await().atMost(20, SECONDS).until(() -> {
                System.gc(); // our own mapping goes with the object
                return tmpfs.getUsableSpace() > before - (64 << 20);
            });
        }
    }
}
