package org.relayfs.fuse;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Mounting and unmounting, whoever does it.
@Timeout(300)
@MountTest
final class MountLifeIT {
    private static final int CYCLES = 100;
    private static final int WARM_UP = 3;

    @TempDir
    private Path folder;

    @Test
    void aHundredMountsLeaveNothing() throws Exception {
        List<String> before = List.of();
        for (int i = 0; i < WARM_UP + CYCLES; i++) {
            if (i == WARM_UP) {
                before = traces();
            }
            try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
                mounted.channel("app", 4096, 4).write(new byte[100]);
                if (i % 10 == 0) {
                    assertThat(mounted.sh("cat app/cpu0 | wc -c")).isEqualTo("100");
                }
            }
            assertThat(mounts()).isEmpty();
        }
        assertThat(traces()).isEqualTo(before);
    }

    /// Threads, descriptors, shared memory and mounts of ours, as counts and names.
    private List<String> traces() throws IOException {
        await().atMost(5, SECONDS).until(() -> relayThreads().isEmpty());
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                Stream<Path> shared = Files.walk(Path.of("/dev/shm"), 2)) {
            return List.of(
                    "descriptors " + descriptors.count(),
                    "shared memory "
                            + shared.filter(path -> path.toString().contains("relayfs-"))
                                    .filter(path -> path.getFileName()
                                            .toString()
                                            .startsWith(Long.toString(
                                                    ProcessHandle.current().pid())))
                                    .toList(),
                    "mounts " + mounts());
        }
    }

    private static List<String> relayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("relayfs-"))
                .toList();
    }

    private List<String> mounts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line -> line.contains(folder.toString())).toList();
        }
    }

    @Test
    void unmountingFromOutsideEndsTheSession() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            Client.shell("umount $1", folder);
            assertThat(mounted.mount().awaitUnmounted(5, SECONDS)).isTrue();
            assertThat(mounted.mount().isMounted()).isFalse();
        }
        assertThat(relayThreads()).isEmpty();
    }

    @Test
    void closingTwiceIsHarmless() throws Exception {
        TestMount mounted = TestMount.open(folder, MountOptions.defaults());
        mounted.close();
        mounted.mount().close();
        assertThat(mounted.mount().awaitUnmounted(0, MILLISECONDS)).isTrue();
    }

    @Test
    void anOpenDescriptorDoesNotStopTheEnd() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            mounted.channel("app", 4096, 4);
            Client client = mounted.startPython("""
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    print('open', flush=True)
                    while errno_of(os.read, fd, 1) == 'OK': time.sleep(0.05)
                    print(errno_of(os.read, fd, 1))
                    """);
            assertThat(client.takeLine(20_000)).isEqualTo("open");
            long start = System.nanoTime();
            mounted.mount().close();
            assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(5));
            assertThat(client.takeLine(20_000)).isEqualTo("ENOTCONN");
            client.awaitSuccess();
        }
        assertThat(mounts()).isEmpty();
    }

    @Test
    void theLeftoverOfADeadProcessIsDetached() throws Exception {
        try (Client server = startServer("halt")) {
            assertThat(server.awaitEnd()).as(server::toString).isEqualTo(EndingServer.HALTED);
        }
        assertThat(mounts()).hasSize(1);
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            assertThat(mounts()).hasSize(1);
            assertThat(mounted.sh("cat version")).contains("layout");
        }
        assertThat(mounts()).isEmpty();
    }

    /// Field case 12.
    @ParameterizedTest
    @ValueSource(strings = {"exit", "return", "TERM", "INT", "HUP"})
    void aProgramThatEndsLeavesNothing(String how) throws Exception {
        try (Client server = startServer(how)) {
            server.awaitReady();
            Path memory = Path.of(server.awaitLine("memory ").substring("memory ".length()));
            assertThat(memory).exists();
            try (Client reader =
                    Client.start("sh", "-c", "exec 3<\"$1\" && echo ready && cat <&3", "sh", relayFile())) {
                reader.awaitReady();
                if (how.equals(how.toUpperCase(Locale.ROOT))) {
                    server.signal(how);
                } else {
                    server.input().close();
                }
                server.awaitEnd();
                reader.awaitEnd();
            }
            assertThat(mounts()).as(server::toString).isEmpty();
            assertThat(memory).as(server::toString).doesNotExist();
        }
    }

    /// Field case 12.
    @Test
    void aProgramMayKeepItsExitToItself() throws Exception {
        Path memory;
        try (Client server = startServer("keep")) {
            memory = Path.of(server.awaitReady().awaitLine("memory ").substring("memory ".length()));
            server.input().close();
            server.awaitEnd();
        }
        assertThat(mounts()).hasSize(1);
        assertThat(memory).exists();
        SharedFolder.remove(memory);
        Client.shell("umount $1 || fusermount3 -u $1", folder);
    }

    private String relayFile() {
        return folder.resolve("app/cpu0").toString();
    }

    private Client startServer(String how) throws IOException {
        Leftovers.watchMountPoint(folder);
        return Client.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                EndingServer.class.getName(),
                folder.toString(),
                how);
    }

    /// Mounts a channel whose reads wait, and ends in one way or other when its standard input does.
    static final class EndingServer {
        static final int HALTED = 3;

        private EndingServer() {}

        public static void main(String[] args) throws Exception {
            Relay relay = Relay.create();
            relay.open("app", ChannelConfig.of(4096, 4).withGlobal(true));
            boolean closes = !args[1].equals("keep");
            RelayMount.mount(relay, Path.of(args[0]), MountOptions.defaults().withCloseAtExit(closes));
            if (args[1].equals("halt")) {
                relay.close();
                Runtime.getRuntime().halt(HALTED);
            }
            System.out.println("ready");
            System.out.println("memory " + relay.folder());
            while (System.in.read() >= 0) {
                // Nothing is sent.
            }
            if (!args[1].equals("return")) {
                System.exit(0);
            }
        }
    }

    @Test
    void whereARelayfsLivesNothingElseIsMounted() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            assertThatThrownBy(() -> RelayMount.mount(mounted.relay(), folder, MountOptions.defaults()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a live relayfs");
        }
    }

    @Test
    void anUnfitFolderIsRefused() throws Exception {
        Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> TestMount.open(folder, MountOptions.defaults()))
                .hasMessageContaining("not empty");
        assertThatThrownBy(() -> TestMount.open(folder.resolve("file"), MountOptions.defaults()))
                .hasMessageContaining("Not a directory");
        assertThatThrownBy(() -> TestMount.open(folder.resolve("missing"), MountOptions.defaults()))
                .hasMessageContaining("No such file");
    }

    @Test
    void anUnknownOptionIsRefusedAndLeavesNoMount() throws Exception {
        assertThatThrownBy(() -> TestMount.open(folder, MountOptions.defaults().withExtra(List.of("no_such_option"))))
                .isInstanceOf(IOException.class);
        assertThat(mounts()).isEmpty();
    }

    /// Pollers are told that it ends; then they may read what is left.
    @Test
    void whoHasAFileOpenHasTimeToReadTheRest() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            mounted.channel("app", 4096, 4).write("record".getBytes(StandardCharsets.US_ASCII));
            try (Client reader = mounted.startPython("""
                    fd = os.open(D + 'app/cpu0', os.O_RDONLY)
                    p = select.poll(); p.register(fd, select.POLLPRI)
                    print('ready', flush=True)
                    p.poll()
                    print(os.read(fd, 100).decode())
                    """).awaitReady()) {
                mounted.mount().close();
                assertThat(reader.awaitRest()).isEqualTo("record");
            }
        }
    }

    @Test
    void whatIsMountedOverItStays() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounts a tmpfs");
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            Client.shell("mount -t tmpfs above \"$1\"", folder.toString());
            mounted.mount().close();
            assertThat(Files.readString(Path.of("/proc/self/mounts"))).contains("above " + folder + " tmpfs");
        } finally {
            Client.shell("umount \"$1\"; umount -l \"$1\" || true", folder.toString());
        }
    }
}
