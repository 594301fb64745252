package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Which of the usual ways to copy, skip and follow a file give all of a relay file. Field case 18; [JavaCopiesIT] has
/// Java's.
@MountTest
@Timeout(120)
class CopiesIT {
    private static final int RECORD = 1010;

    /// A record in the open sub-buffer only; some in a closed one, too; more than the kernel copies at a time.
    private static final List<Integer> COUNTS = List.of(2, 6, 40);

    private static final List<String> CALLS = List.of(
            "copyfile",
            "copyfileobj",
            "read",
            "unbuffered read",
            "text",
            "lines",
            "pathlib",
            "readinto",
            "node readFile",
            "go io.Copy",
            "rust io::copy");

    @TempDir
    private Path folder;

    interface Use {
        void of(TestMount mount, RelayChannel channel) throws Exception;
    }

    static void onChannel(MmapMode mode, String sizeReporting, Use use) throws Exception {
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode))) {
            assumeThat(mount.mount().mmapMode()).isEqualTo(mode);
            mount.sh("echo create app subbuf_size=4096 n_subbufs=16 global=1 size_reporting=" + sizeReporting
                    + " > control");
            use.of(mount, mount.awaitChannel("app"));
        }
    }

    private static String record(int number) {
        return "%04d".formatted(number) + "x".repeat(RECORD - 5) + "\n";
    }

    static String log(RelayChannel channel, int count) {
        String text = IntStream.range(0, count).mapToObj(CopiesIT::record).collect(Collectors.joining());
        text.lines().forEach(line -> channel.write((line + "\n").getBytes(StandardCharsets.US_ASCII)));
        return text;
    }

    private String copied(TestMount mount, String call) throws Exception {
        Path copy = folder.resolve("copy");
        Files.deleteIfExists(copy);
        try (Client python =
                Client.start("python3", Programs.python("copies"), call, mount.file("app/cpu0"), copy.toString())) {
            python.awaitSuccess();
        }
        return Files.readString(copy);
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void allCopyAllWhereTheSizeHasTheOpenSubBuffer(MmapMode mode) throws Exception {
        onChannel(mode, "all", (mount, channel) -> {
            for (String call : CALLS) {
                for (int count : COUNTS) {
                    String logged = log(channel, count);
                    assertThat(copied(mount, call)).as("%s of %d", call, count).isEqualTo(logged);
                    channel.reset();
                    mount.sh("chmod u+w app/cpu0 && : > app/cpu0"); // the size begins anew
                }
            }
        });
    }

    /// With the size of Linux relay some stop there. What they have not read is still there.
    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "OFF"})
    void whoBelievesTheSizeOfClosedSubBuffersLeavesTheRest(MmapMode mode) throws Exception {
        onChannel(mode, "relay", (mount, channel) -> {
            String logged = log(channel, 6);
            assertThat(copied(mount, "node readFile")).isEqualTo(logged.substring(0, 4 * RECORD));
            assertThat(copied(mount, "read")).isEqualTo(logged.substring(4 * RECORD));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void ddSkipsTheBeginning(MmapMode mode) throws Exception {
        onChannel(mode, "relay", (mount, channel) -> {
            String logged = log(channel, 6);
            assertThat(shell(mount, "dd if=app/cpu0 bs=1000 skip=1 status=none"))
                    .isEqualTo(logged.substring(1000));
        });
    }

    /// These seek, if the size seems to allow it; where the kernel lets a descriptor be positioned, that skips.
    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH")
    void odAndTailSkipTheBeginning(MmapMode mode) throws Exception {
        onChannel(mode, "relay", (mount, channel) -> {
            for (int count : COUNTS) {
                String logged = log(channel, count);
                assertThat(shell(mount, "tail -c +101 app/cpu0")).isEqualTo(logged.substring(100));
                log(channel, count);
                assertThat(shell(mount, "od -v -An -tx1 -j 100 app/cpu0 | wc -w")
                                .strip())
                        .isEqualTo("" + (count * RECORD - 100));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH")
    void aSkipThatLeadsBeyondTheEndTakesNothing(MmapMode mode) throws Exception {
        onChannel(mode, "relay", (mount, channel) -> {
            try (Agent agent = Agent.start()) {
                int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
                String logged = log(channel, 2);
                agent.call("lseek", fd, 3000, 0);
                assertThat(agent.outcome("read", fd, 10)).isEqualTo("ESPIPE");
                logged += log(channel, 2);
                assertThat(agent.read(fd, 100)).isEqualTo(logged.substring(3000, 3100));
                assertThat(agent.outcome("pread", fd, 10, 3200)).isEqualTo("ESPIPE");
                assertThat(agent.call("read_all", fd, 4096).asText()).isEqualTo(logged.substring(3100));
                log(channel, 6);
                // Six records are in the closed sub-buffers of all times; five are left.
                assertThat(agent.read(agent.open(mount.file("app/cpu0"), "O_RDONLY"), RECORD))
                        .hasSize(RECORD);
                assertThat(Client.shell("tail -c 10 \"$1\" 2>&1 || true", mount.file("app/cpu0")))
                        .contains("Illegal seek");
                assertThat(mount.sh("cat app/cpu0 | wc -c")).isEqualTo("" + 5 * RECORD);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void nothingIsWrittenAtAnOffset(MmapMode mode) throws Exception {
        onChannel(mode, "relay", (mount, channel) -> {
            try (Agent agent = Agent.start()) {
                int fd = agent.open(mount.file("app/cpu0"), "O_RDWR");
                assertThat(agent.outcome("pwrite", fd, "x", 0)).isEqualTo("ESPIPE");
                assertThat(agent.outcome("pwrite", fd, "x", 500)).isEqualTo("ESPIPE");
                assertThat(agent.outcome("write", fd, "record")).isEqualTo("6");
                assertThat(agent.outcome("pwrite", fd, "x", 6)).isEqualTo("ESPIPE");
                assertThat(agent.outcome("write", fd, "another")).isEqualTo("7");
                assertThat(agent.read(fd, 100)).isEqualTo("recordanother");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void tailFollowsWhereTheSizeHasTheOpenSubBuffer(MmapMode mode) throws Exception {
        onChannel(mode, "all", (mount, channel) -> {
            String logged = log(channel, 6);
            try (Client tail = Client.start("tail", "-n", "+1", "-s", "0.1", "-f", mount.file("app/cpu0"))) {
                awaitOutput(tail, logged);
                for (int i = 0; i < 10; i++) {
                    logged += log(channel, 3);
                    awaitOutput(tail, logged);
                }
                assertThat(tail.isAlive()).as(tail::toString).isTrue();
                assertThat(tail.errors()).isEmpty();
            }
        });
    }

    private static void awaitOutput(Client client, String expected) throws InterruptedException {
        for (int i = 0; i < 1000 && client.isAlive() && client.output().length() < expected.length(); i++) {
            Thread.sleep(20);
        }
        assertThat(client.output()).as(client::toString).isEqualTo(expected);
    }

    private static String shell(TestMount mount, String script) throws IOException, InterruptedException {
        try (Client client = Client.start(
                "sh", "-c", "cd \"$1\" && " + script, "sh", mount.path().toString())) {
            return client.awaitSuccess().output();
        }
    }
}
