package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.RelayWithCpus;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What `stat`, `fstat` and `ls -l` show is true at the moment they are asked: sizes, and files that come and go.
/// Nothing is remembered by the kernel.
@MountTest
final class SizesAndNamesIT {
    private static final MountOptions TRUE_SIZES = MountOptions.defaults().withMmap(MmapMode.OFF);

    private static void assertSize(TestMount mount, Agent agent, int fd, long size) throws Exception {
        String file = mount.file("app/cpu0");
        assertThat(agent.call("fstat", fd).get("size").asLong()).isEqualTo(size);
        assertThat(agent.call("stat", file).get("size").asLong()).isEqualTo(size);
        assertThat(Client.shell("ls -l $1 | awk '{ print $5 }'; stat -c %s $1", file)
                        .strip())
                .isEqualTo(size + "\n" + size);
    }

    @Test
    void theSizeCountsThePayloadOfClosedSubBuffers() throws Exception {
        try (TestMount mount = TestMount.open(TRUE_SIZES);
                RelayChannel channel =
                        mount.relay().open("app", ChannelConfig.of(4096, 4).withGlobal(true));
                Agent agent = Agent.start()) {
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            assertSize(mount, agent, fd, 0);
            for (int i = 0; i < 4; i++) {
                channel.write(new byte[1000]);
            }
            assertSize(mount, agent, fd, 0);
            channel.write(new byte[1000]);
            assertSize(mount, agent, fd, 4000);
            agent.call("read_all", fd, 1 << 20);
            assertSize(mount, agent, fd, 4000);
            channel.flush();
            assertSize(mount, agent, fd, 5000);
            channel.flush();
            assertSize(mount, agent, fd, 5000);
            channel.reset();
            assertSize(mount, agent, fd, 5000);
            channel.write(new byte[10]);
            channel.flush();
            assertSize(mount, agent, fd, 5010);
        }
    }

    @Test
    void aProgramThatChecksTheSizeBeforeItMapsCanHaveThatOfTheBuffer() throws Exception {
        try (TestMount mount = TestMount.open(TRUE_SIZES);
                RelayChannel channel =
                        mount.relay().open("app", ChannelConfig.of(5000, 5).withGlobal(true));
                Agent agent = Agent.start()) {
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            channel.write(new byte[100]);
            channel.flush();
            assertSize(mount, agent, fd, 100);
            agent.call("put", mount.file("app/size_reporting"), "buffer\n");
            assertSize(mount, agent, fd, 28672); // 25,000 rounded up to pages
            agent.call("put", mount.file("app/size_reporting"), "relay\n");
            assertSize(mount, agent, fd, 100);
        }
    }

    /// Beyond the size a mapping is no memory, so cached mappings need it; the payload shows once it is more.
    @Test
    void withCachedMappingsTheSizeIsThatOfTheRingAtLeast() throws Exception {
        try (TestMount mount = TestMount.open(MountOptions.defaults().withMmap(MmapMode.CACHED));
                RelayChannel channel =
                        mount.relay().open("app", ChannelConfig.of(4096, 4).withGlobal(true));
                Agent agent = Agent.start()) {
            int fd = agent.open(mount.file("app/cpu0"), "O_RDONLY");
            assertSize(mount, agent, fd, 16384);
            for (int i = 0; i < 5; i++) {
                channel.write(new byte[4096]);
                channel.flush();
                agent.call("read_all", fd, 1 << 20);
            }
            assertSize(mount, agent, fd, 20480);
        }
    }

    @Test
    void channelsComeAndGoAtOnce() throws Exception {
        try (TestMount mount = TestMount.open();
                Agent agent = Agent.start()) {
            ChannelConfig config = ChannelConfig.of(4096, 4).withGlobal(true);
            long last = 0;
            for (int i = 0; i < 20; i++) {
                assertThat(agent.outcome("stat", mount.file("app/cpu0"))).isEqualTo("ENOENT");
                assertThat(agent.call("listdir", mount.path().toString()).toString())
                        .doesNotContain("app");
                try (RelayChannel channel = mount.relay().open("app", config)) {
                    long inode = agent.call("stat", mount.file("app/cpu0"))
                            .get("ino")
                            .asLong();
                    assertThat(inode).isGreaterThan(last);
                    last = inode;
                    assertThat(agent.call("listdir", mount.file("app")).toString())
                            .contains("\"cpu0\"");
                    channel.write(new byte[i + 1]);
                    assertThat(agent.call("cat", mount.file("app/cpu0")).asText())
                            .hasSize(i + 1);
                }
            }
        }
    }

    @Test
    void theFileOfACpuThatComesLaterShowsUp() throws Exception {
        Relay relay = RelayWithCpus.create(List.of(0, 3), 6);
        try (TestMount mount = TestMount.open(relay, MountOptions.defaults());
                RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 4));
                Agent agent = Agent.start()) {
            String late = mount.file("app/cpu5");
            assertThat(agent.outcome("open", late, "O_RDONLY")).isEqualTo("ENOENT");
            assertThat(cpus(agent, mount)).containsExactly("cpu0", "cpu3");
            channel.writeTo(5, MemorySegment.ofArray(new byte[] {'l', 'a', 't', 'e'}), 0, 4);
            assertThat(agent.call("cat", late).asText()).isEqualTo("late");
            assertThat(cpus(agent, mount)).containsExactly("cpu0", "cpu3", "cpu5");
            int fd = agent.open(late, "O_RDONLY");
            agent.begin("poll", fd, 10_000);
            channel.writeTo(5, MemorySegment.ofArray(new byte[4096]), 0, 4096);
            assertThat(agent.answer().toString()).isEqualTo("POLLIN");
            assertThat(agent.call("counter", late + ".produced").asInt()).isOne();
        }
    }

    private static List<String> cpus(Agent agent, TestMount mount) throws Exception {
        return agent.call("listdir", mount.file("app"))
                .valueStream()
                .map(name -> name.asText())
                .filter(name -> name.matches("cpu[0-9]+"))
                .toList();
    }
}
