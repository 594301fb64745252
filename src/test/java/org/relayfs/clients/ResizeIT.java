package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// A living channel gets another geometry, as other processes see it.
@MountTest
final class ResizeIT {
    private static final int S = 4096;
    private static final String FILE = "app/cpu0";

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        mount(TestMount.likeTheKernel());
    }

    private void mount(MountOptions options) throws Exception {
        stop();
        mount = TestMount.open(options);
        channel = mount.relay().open("app", ChannelConfig.of(S, 4).withGlobal(true));
        agent = Agent.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (mount != null) {
            agent.close();
            mount.close();
        }
        channel = null;
        mount = null;
    }

    private void log(String record) {
        assertThat(channel.write(record.getBytes(StandardCharsets.US_ASCII))).isEqualTo(record.length());
    }

    private String stat(String what) throws Exception {
        return agent.call("stat", mount.file(FILE)).get(what).asText();
    }

    @Test
    void anOpenDescriptorReadsOnAndANewOneIsAnotherFileOfTheSameStream() throws Exception {
        int before = agent.open(mount.file(FILE), "O_RDONLY");
        String inode = stat("ino");
        mount.sh("chmod 440 app/cpu0 && echo one > app/write && echo resize app subbuf_size=8K n_subbufs=2 > control");
        log("two ");
        assertThat(stat("ino")).isNotEqualTo(inode);
        assertThat(mount.sh("stat -c %a app/cpu0")).isEqualTo("440");
        assertThat(mount.sh("cat app/subbuf_size app/n_subbufs")).isEqualTo("8192\n2");
        assertThat(mount.sh("awk '$1 == \"app\" { print $3, $4, $6 }' channels"))
                .isEqualTo("8192 2 1");
        int after = agent.open(mount.file(FILE), "O_RDONLY");
        assertThat(agent.read(after, 2)).isEqualTo("on");
        assertThat(agent.read(before, 100)).isEqualTo("e\n");
        assertThat(agent.read(before, 2)).isEqualTo("tw");
        assertThat(agent.read(after, 100)).isEqualTo("o ");
        assertThat(agent.read(before, 100)).isEmpty();
        assertThat(agent.poll(before, 0)).isEmpty();
        channel.flush();
        channel.close();
        assertThat(agent.poll(before, 0)).contains("POLLHUP");
        assertThat(agent.poll(after, 0)).contains("POLLHUP");
    }

    @Test
    void settingsWaitForCreateOrResize() throws Exception {
        mount.sh("echo one > app/write && echo 16384 > app/subbuf_size && echo 3 > app/n_subbufs");
        assertThat(mount.sh("cat app/subbuf_size")).isEqualTo("4096\nnext 16384");
        mount.sh("echo 1 > app/resize");
        assertThat(mount.sh("cat app/subbuf_size app/n_subbufs")).isEqualTo("16384\n3");
        assertThat(mount.sh("cat app/cpu0")).isEqualTo("one");
    }

    @Test
    void aResizeThatCannotBeDoneIsRefusedWithItsReason() throws Exception {
        assertThat(agent.outcome("put", mount.file("control"), "resize app")).isEqualTo("EINVAL");
        assertThat(agent.outcome("put", mount.file("control"), "resize app mode=overwrite"))
                .isEqualTo("EINVAL");
        assertThat(agent.outcome("put", mount.file("control"), "resize app n_subbufs=0"))
                .isEqualTo("EINVAL");
        assertThat(agent.outcome("put", mount.file("control"), "resize other n_subbufs=4"))
                .isEqualTo("ENOENT");
        for (int i = 1; i <= 8; i++) {
            log("x");
            mount.sh("echo resize app n_subbufs=" + (4 + i) + " > control");
        }
        assertThat(agent.outcome("put", mount.file("control"), "resize app n_subbufs=4"))
                .isEqualTo("EBUSY");
        assertThat(mount.sh("tail -n 1 error_log")).contains("EBUSY", "limit=8");
        assertThat(mount.sh("cat app/cpu0")).isEqualTo("x".repeat(8));
        mount.sh("echo resize app n_subbufs=4 > control && echo destroy app > control && mkdir app");
        assertThat(agent.outcome("put", mount.file("app/resize"), "1")).isEqualTo("ESHUTDOWN");
    }

    @Test
    void waitingReadsAndPollersAreWokenByWhatComesLater() throws Exception {
        mount.sh("echo 1 > app/blocking");
        int fd = agent.open(mount.file(FILE), "O_RDONLY");
        agent.begin("read", fd, 100).assertWaits();
        channel.resize(2 * S, 4);
        agent.assertWaits();
        log("late");
        channel.flush();
        assertThat(agent.answer()).hasToString("late");
        agent.begin("poll", fd, 20_000).assertWaits();
        channel.resize(S, 4);
        agent.assertWaits();
        log("later");
        channel.flush();
        assertThat(agent.answer().toString()).contains("POLLIN").doesNotContain("POLLHUP");
        assertThat(agent.read(fd, 100)).isEqualTo("later");
    }

    @Test
    void aWaitingWriteGetsTheRoomThatAResizeMakes() throws Exception {
        mount.sh("chmod 600 app/cpu0 && echo 1 > app/blocking_writes");
        for (int i = 0; i < 4; i++) {
            log("x".repeat(S));
        }
        int fd = agent.open(mount.file(FILE), "O_WRONLY");
        agent.begin("write", fd, "y".repeat(S)).assertWaits();
        channel.resize(S, 8);
        assertThat(agent.answer()).hasToString("" + S);
        assertThat(mount.sh("cat app/cpu0 | wc -c")).isEqualTo("" + 5 * S);
        assertThat(channel.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = MmapMode.class,
            names = {"PASSTHROUGH", "CACHED"})
    void whoHasMappedTheBufferFindsItsEndAndTheNextOneByName(MmapMode mode) throws Exception {
        assumeTrue(mode != MmapMode.PASSTHROUGH || SharedFolder.userId() == 0, "passthrough needs CAP_SYS_ADMIN");
        mount(MountOptions.defaults().withMmap(mode));
        int before = agent.open(mount.file(FILE), "O_RDONLY");
        long old = agent.call("mmap", before, 4 * S, "PROT_READ", "MAP_SHARED").asLong();
        log("one");
        agent.begin("poll", before, 20_000).assertWaits();
        channel.resize(2 * S, 2);
        log("two");
        channel.flush();
        assertThat(agent.answer().toString()).as("woken").contains("POLLIN");
        assertThat(agent.poll(before, 0)).contains("POLLHUP", "POLLIN");
        assertThat(agent.call("peek", old, 3).asText()).isEqualTo("one");
        int after = agent.open(mount.file(FILE), "O_RDONLY");
        long next = agent.call("mmap", after, 4 * S, "PROT_READ", "MAP_SHARED").asLong();
        assertThat(agent.call("peek", next, 3).asText()).isEqualTo("two");
        assertThat(agent.call("counter", mount.file(FILE + ".produced")).asInt())
                .isEqualTo(1);
        assertThat(agent.read(before, 100)).as("what was left").isEqualTo("one");
        assertThat(agent.read(before, 100)).as("the end").isEmpty();
        assertThat(agent.poll(before, 0)).as("the channel lives").isEqualTo("POLLHUP");
        agent.call("consume", mount.file(FILE + ".consumed"), 1);
        assertThat(agent.read(after, 100)).isEmpty();
        assertThat(agent.poll(after, 0)).isEmpty();
    }

    @Test
    void sizeAndCountersGoOn() throws Exception {
        log("12345");
        channel.flush();
        channel.resize(2 * S, 2);
        log("678");
        channel.flush();
        assertThat(stat("size")).isEqualTo("8");
        assertThat(mount.sh("cat app/cpu0")).isEqualTo("12345678");
        channel.resize(S, 4);
        assertThat(stat("size")).isEqualTo("8");
        assertThat(mount.sh("awk 'NR == 2 { print $5, $6, $7 }' app/stats")).isEqualTo("8 8 2");
        mount.sh("chmod 600 app/cpu0 && truncate -s 100 app/cpu0");
        assertThat(stat("size")).isEqualTo("100");
        log("9");
        channel.flush();
        assertThat(stat("size")).isEqualTo("101");
    }
}
