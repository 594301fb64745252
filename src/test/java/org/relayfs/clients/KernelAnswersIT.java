package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What the kernel answers for a FUSE file without asking the server, where a relay file of the kernel's answers
/// otherwise. Field case 23.
@MountTest
@Timeout(60)
final class KernelAnswersIT {
    private static final int S = 4096;

    @FunctionalInterface
    private interface Calls {
        void make(Agent agent, String file, RelayChannel channel) throws Exception;
    }

    /// Five records of 1000 bytes: four in a closed sub-buffer, which `st_size` counts, and one in the open one.
    private static void onRelayFile(MmapMode mode, Calls calls) throws Exception {
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode));
                Agent agent = Agent.start()) {
            RelayChannel channel =
                    mount.relay().open("app", ChannelConfig.of(S, 4).withGlobal(true));
            for (int i = 0; i < 5; i++) {
                channel.write(((char) ('a' + i) + "").repeat(1000).getBytes(StandardCharsets.US_ASCII));
            }
            calls.make(agent, mount.file("app/cpu0"), channel);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void theLinkOfAnOpenFileThatIsGoneDoesNotSaySo(MmapMode mode) throws Exception {
        onRelayFile(mode, (agent, file, channel) -> {
            int fd = agent.open(file, "O_RDONLY");
            channel.close();
            assertThat(agent.outcome("open", file, "O_RDONLY")).isEqualTo("ENOENT");
            assertThat(agent.call("fd_link", fd).asText()).isEqualTo(file);
            assertThat(agent.call("fstat", fd).get("nlink").asInt()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void anOpenFileCanBeSetToDirectWhichChangesNothing(MmapMode mode) throws Exception {
        onRelayFile(mode, (agent, file, channel) -> {
            int fd = agent.open(file, "O_RDONLY");
            assertThat(agent.outcome("set_flags", fd, "O_DIRECT")).isEqualTo("true");
            assertThat(agent.read(fd, 3)).isEqualTo("aaa");
            assertThat(agent.outcome("read_length", fd, S)).isEqualTo("4096");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void aBufferOfWhichOnlyAPartIsThereGetsThatPart(MmapMode mode) throws Exception {
        onRelayFile(mode, (agent, file, channel) -> {
            int fd = agent.open(file, "O_RDONLY");
            assertThat(agent.outcome("read_across_the_end", fd, 100)).isEqualTo("[100,\"" + "a".repeat(100) + "\"]");
            assertThat(agent.read(fd, 1000)).isEqualTo("a".repeat(900) + "b".repeat(100));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void asynchronousReadsTakeBytesWhateverTheirOffset(MmapMode mode) throws Exception {
        onRelayFile(mode, (agent, file, channel) -> {
            int fd = agent.open(file, "O_RDONLY");
            assertThat(agent.outcome("aio_read", fd, 600, 0)).isEqualTo("a".repeat(600));
            assertThat(agent.outcome("aio_read", fd, 600, 600)).isEqualTo("a".repeat(400) + "b".repeat(200));
            boolean seekable = mode == MmapMode.PASSTHROUGH;
            assertThat(agent.outcome("aio_read", fd, 10, 3000)).isEqualTo(seekable ? "ESPIPE" : "b".repeat(10));
            // Beyond st_size the kernel does not ask; with cached mappings that is the length of the ring at least.
            assertThat(agent.outcome("aio_read", fd, 10, 4 * S)).isEmpty();
            assertThat(agent.call("read_all", fd, 4 * S).asText()).hasSize(seekable ? 3800 : 3790);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void aRecordOfOneWriteHasAtMostOneMebibyteLessFourKibibytes(MmapMode mode) throws Exception {
        int most = 1_044_480;
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(mode));
                Agent agent = Agent.start()) {
            mount.relay().open("large", ChannelConfig.of(2 << 20, 2).withGlobal(true));
            int fd = agent.open(mount.file("large/cpu0"), "O_RDWR");
            assertThat(agent.outcome("write", fd, "x".repeat(most))).isEqualTo("" + most);
            assertThat(agent.outcome("write", fd, "x".repeat(most + 1))).isEqualTo("EMSGSIZE");
            assertThat(agent.call("read_all", fd, 1 << 20).asText()).hasSize(most);
        }
    }
}
