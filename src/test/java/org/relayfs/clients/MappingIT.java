package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Agent;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountServer;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Mappings of a relay file, in other processes. S is 4096, N is 4.
@MountTest
final class MappingIT {
    private static final int S = 4096;
    private static final int LENGTH = 4 * S;
    private static final String PRIVATE = "MAP_PRIVATE|MAP_POPULATE";

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;
    private String file;

    @BeforeEach
    void start() throws Exception {
        agent = Agent.start();
    }

    private void mount(MmapMode mode) throws Exception {
        assumeTrue(mode != MmapMode.PASSTHROUGH || SharedFolder.userId() == 0, "passthrough needs CAP_SYS_ADMIN");
        mount = TestMount.open(MountOptions.defaults().withMmap(mode));
        channel = mount.relay().open("app", ChannelConfig.of(S, 4).withGlobal(true));
        file = mount.file("app/cpu0");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        if (mount != null) {
            mount.close();
        }
        channel = null;
        mount = null;
    }

    private void log(String record) {
        assertThat(channel.write(record.getBytes(StandardCharsets.US_ASCII))).isEqualTo(record.length());
    }

    private String peek(long address, long offset, int length) throws Exception {
        return agent.call("peek", address + offset, length).asText();
    }

    private long map(int fd, String how) throws Exception {
        return agent.call("mmap", fd, LENGTH, "PROT_READ", how).asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAP_SHARED", "MAP_PRIVATE", PRIVATE})
    void itIsTheRingItself(String how) throws Exception {
        mount(MmapMode.PASSTHROUGH);
        int fd = agent.open(file, "O_RDONLY");
        long map = map(fd, how);
        assertThat(peek(map, 0, LENGTH)).as("zero at first").isEqualTo("\0".repeat(LENGTH));
        log("first");
        assertThat(peek(map, 0, 6)).as("before any switch").isEqualTo("first\0");
        assertThat(agent.read(fd, 100)).isEqualTo("first");
        assertThat(peek(map, 0, 6)).as("reading clears nothing").isEqualTo("first\0");
        assertThat(agent.call("counter", file + ".consumed").asInt())
                .as("mapping consumes nothing")
                .isZero();
        log("x".repeat(S));
        channel.flush();
        agent.call("read_all", fd, LENGTH);
        for (int i = 2; i < 5; i++) {
            log("y".repeat(10));
            channel.flush();
        }
        assertThat(peek(map, 0, 11)).as("the next lap").isEqualTo("y".repeat(10) + "\0");
        assertThat(peek(map, S, 11)).as("padding keeps what was there").isEqualTo("x".repeat(11));
    }

    @Test
    void aChildInheritsIt() throws Exception {
        mount(MmapMode.PASSTHROUGH);
        long map = map(agent.open(file, "O_RDONLY"), "MAP_SHARED");
        log("seen");
        assertThat(agent.call("peek_in_child", map, 4).asText()).isEqualTo("seen");
    }

    @Test
    void onlyADescriptorForReadingAndWritingCanBeMappedWritable() throws Exception {
        mount(MmapMode.PASSTHROUGH);
        int reader = agent.open(file, "O_RDONLY");
        int writer = agent.open(file, "O_WRONLY");
        int both = agent.open(file, "O_RDWR");
        assertThat(agent.outcome("mmap", reader, LENGTH, "PROT_READ|PROT_WRITE", "MAP_SHARED"))
                .isEqualTo("EACCES");
        assertThat(agent.outcome("mmap", writer, LENGTH, "PROT_READ", "MAP_SHARED"))
                .isEqualTo("EACCES");
        assertThat(agent.outcome("mmap", reader, LENGTH, "PROT_NONE", "MAP_SHARED"))
                .matches("\\d+");
        long map = agent.call("mmap", both, LENGTH, "PROT_READ|PROT_WRITE", "MAP_SHARED")
                .asLong();
        log("first");
        agent.call("poke", map, "F");
        assertThat(agent.read(both, 100)).as("stores are seen by read").isEqualTo("First");
        long copy = agent.call("mmap", reader, LENGTH, "PROT_READ|PROT_WRITE", "MAP_PRIVATE")
                .asLong();
        agent.call("poke", copy, "X");
        assertThat(peek(map, 0, 5)).isEqualTo("First");
    }

    /// The kernel's relay refuses every other length with EINVAL, but a FUSE server does not see the call. What
    /// lies behind the ring is no memory.
    @Test
    void otherLengthsAndOffsetsMapTheSameFile() throws Exception {
        mount(MmapMode.PASSTHROUGH);
        int fd = agent.open(file, "O_RDONLY");
        log("a".repeat(S));
        log("b");
        assertThat(peek(agent.call("mmap", fd, S, "PROT_READ", "MAP_SHARED").asLong(), 0, 2))
                .isEqualTo("aa");
        assertThat(peek(agent.call("mmap", fd, S, "PROT_READ", "MAP_SHARED", S).asLong(), 0, 2))
                .isEqualTo("b\0");
        long longer =
                agent.call("mmap", fd, LENGTH + S, "PROT_READ", "MAP_SHARED").asLong();
        assertThat(agent.call("peek_in_child", longer, 2).asText()).isEqualTo("aa");
        assertThat(agent.call("peek_in_child", longer + LENGTH, 2).asText()).isEqualTo("SIGBUS");
        long grown = agent.call("mremap", longer, LENGTH + S, LENGTH + 2 * S).asLong();
        assertThat(agent.call("peek_in_child", grown, 2).asText()).isEqualTo("aa");
        assertThat(agent.call("peek_in_child", grown + LENGTH + S, 2).asText()).isEqualTo("SIGBUS");
    }

    @ParameterizedTest
    @CsvSource({
        "PASSTHROUGH, MAP_SHARED", "PASSTHROUGH, MAP_PRIVATE|MAP_POPULATE",
        "CACHED, MAP_SHARED|MAP_POPULATE", "CACHED, MAP_PRIVATE|MAP_POPULATE"
    })
    void itOutlivesDescriptorAndChannel(MmapMode mode, String how) throws Exception {
        mount(mode);
        log("kept");
        channel.flush();
        int fd = agent.open(file, "O_RDONLY");
        long map = map(fd, how);
        agent.call("close", fd);
        channel.close();
        mount.relay()
                .open("app", ChannelConfig.of(S, 4).withGlobal(true))
                .write("other".getBytes(StandardCharsets.US_ASCII));
        assertThat(peek(map, 0, LENGTH)).isEqualTo("kept" + "\0".repeat(LENGTH - 4));
    }

    @ParameterizedTest
    @CsvSource({"PASSTHROUGH, MAP_SHARED", "CACHED, MAP_SHARED|MAP_POPULATE", "CACHED, MAP_PRIVATE|MAP_POPULATE"})
    void itOutlivesTheServersDeath(MmapMode mode, String how) throws Exception {
        assumeTrue(mode != MmapMode.PASSTHROUGH || SharedFolder.userId() == 0, "passthrough needs CAP_SYS_ADMIN");
        Path folder = Files.createTempDirectory("relayfs-test");
        Client server = MountServer.start(folder, mode);
        try (server;
                Agent reader = Agent.start()) {
            String relayFile = folder.resolve("app/cpu0").toString();
            int writer = reader.open(relayFile, "O_WRONLY");
            reader.call("write", writer, "kept");
            int fd = reader.open(relayFile, "O_RDONLY");
            long map = reader.call("mmap", fd, LENGTH, "PROT_READ", how).asLong();
            server.signal("KILL");
            server.awaitEnd();
            assertThat(reader.outcome("read", fd, 1)).isEqualTo("ENOTCONN");
            assertThat(reader.call("peek_in_child", map, LENGTH).asText()).isEqualTo("kept" + "\0".repeat(LENGTH - 4));
        } finally {
            Client.shell(
                    "umount -l $1 || fusermount3 -uz $1; rmdir $1; rm -r $2/$3-*",
                    folder,
                    SharedFolder.ofUser(SharedFolder.userId()),
                    server.pid());
        }
    }

    /// The pages are filled early, while the sub-buffers hold other things, and must be new when `produced` says so.
    @Test
    void cachedPagesAreNewOnceProducedSaysSo() throws Exception {
        mount(MmapMode.CACHED);
        int fd = agent.open(file, "O_RDONLY");
        long map = map(fd, PRIVATE);
        for (int lap = 0; lap < 200; lap++) {
            String letters = "" + (char) ('a' + lap % 26);
            for (int i = 0; i < 3; i++) {
                log(letters.repeat(S));
            }
            channel.flush();
            assertThat(agent.poll(fd, 10_000)).isEqualTo("POLLIN");
            long produced = agent.call("counter", file + ".produced").asLong();
            assertThat(produced).isEqualTo(3L * (lap + 1));
            for (long position = produced - 3; position < produced; position++) {
                assertThat(peek(map, position % 4 * S, S)).isEqualTo(letters.repeat(S));
            }
            agent.call("consume", file + ".consumed", 3);
        }
    }
}
