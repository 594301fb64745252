package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Agent;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// What a relay file answers to every system call that was tried on the kernel's own relay files. Numbers as there:
/// S is 4096, N is 4, records of 1000 bytes, of which 4 fit with 96 bytes of padding. Where we cannot answer the
/// same, the test has our answer and says why.
@MountTest
final class OtherCallsIT {
    private static final int S = 4096;
    private static final int N = 4;
    private static final int FIONREAD = 0x541B;
    private static final int TCGETS = 0x5401;

    @TempDir
    private Path temp;

    private TestMount mount;
    private RelayChannel channel;
    private Agent agent;
    private String file;

    @BeforeEach
    void start() throws Exception {
        start(TestMount.likeTheKernel());
    }

    private void restart(MmapMode mode) throws Exception {
        TestMount.assumeAllowed(mode);
        stop();
        start(MountOptions.defaults().withMmap(mode));
    }

    private void start(MountOptions options) throws Exception {
        mount = TestMount.open(options);
        channel = mount.relay().open("app", ChannelConfig.of(S, N).withGlobal(true));
        file = mount.file("app/cpu0");
        agent = Agent.start();
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        mount.close();
        // JUnit keeps the first instance of a parameterized test, which would keep the memory mapped.
        channel = null;
        mount = null;
    }

    private void log(int records) {
        for (int i = 0; i < records; i++) {
            channel.write(((char) ('a' + i % 26) + "").repeat(1000).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void statAsOnRelay() throws Exception {
        log(1);
        JsonNode stat = agent.call("stat", file);
        assertThat(stat.get("mode").asText()).isEqualTo("0o100400");
        assertThat(stat.get("nlink").asInt()).isOne();
        assertThat(stat.get("size").asInt()).isZero();
        assertThat(stat.get("blocks").asInt()).isZero();
        assertThat(stat.get("blksize").asInt()).isEqualTo(4096);
        long mtime = stat.get("mtime").asLong();
        log(8);
        assertThat(agent.call("stat", file).get("mtime").asLong()).isEqualTo(mtime);
    }

    @Test
    void openFlags() throws Exception {
        agent.call("chmod", file, 0600); // or its owner may not write, unless that is root
        for (String flags : new String[] {
            "O_RDONLY",
            "O_RDWR",
            "O_WRONLY",
            "O_RDONLY|O_NONBLOCK",
            "O_RDWR|O_APPEND",
            "O_RDONLY|O_SYNC",
            "O_RDWR|O_CREAT"
        }) {
            assertThat(agent.outcome("open", file, flags)).as(flags).matches("\\d+");
        }
        assertThat(agent.outcome("open", file, "O_RDONLY|O_DIRECT")).isEqualTo("EINVAL");
        assertThat(agent.outcome("open", file, "O_RDWR|O_CREAT|O_EXCL")).isEqualTo("EEXIST");
        assertThat(agent.outcome("open", file, "O_RDONLY|O_DIRECTORY")).isEqualTo("ENOTDIR");
        assertThat(agent.outcome("open", mount.file("app/cpu999"), "O_RDONLY")).isEqualTo("ENOENT");
    }

    @Test
    void anyNumberOfOpensShareTheCursorAndSoDoDupAndFork() throws Exception {
        int[] fds = new int[300];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = agent.open(file, "O_RDONLY");
        }
        channel.write("12345678".getBytes(StandardCharsets.US_ASCII));
        assertThat(agent.read(fds[0], 2) + agent.read(fds[1], 2) + agent.read(fds[0], 1))
                .isEqualTo("12345");
        int dup = agent.call("dup", fds[2]).asInt();
        assertThat(agent.read(dup, 1)).isEqualTo("6");
        assertThat(agent.call("read_in_child", fds[3], 1).asText()).isEqualTo("7");
        assertThat(agent.read(agent.open(file, "O_RDONLY"), 100)).isEqualTo("8");
    }

    @Test
    void closingLeavesAPartlyReadSubBufferPartlyRead() throws Exception {
        log(5);
        int fd = agent.open(file, "O_RDONLY");
        assertThat(agent.read(fd, 3999)).hasSize(3999);
        agent.call("close", fd);
        fd = agent.open(file, "O_RDONLY");
        assertThat(agent.poll(fd, 0)).isEqualTo("POLLIN");
        assertThat(agent.read(fd, 1)).isEqualTo("d");
        assertThat(agent.poll(fd, 0)).isEmpty();
    }

    @Test
    void truncatingChangesTheSizeOnly() throws Exception {
        log(5);
        int fd = agent.open(file, "O_RDONLY|O_TRUNC");
        assertThat(size(fd)).isZero();
        assertThat(agent.call("read_all", fd, 1 << 20).asText()).hasSize(5000);
        log(4);
        assertThat(size(fd)).as("the next close adds on top").isEqualTo(4000);
        assertThat(agent.outcome("ftruncate", agent.open(file, "O_RDWR"), 7)).isEqualTo("null");
        log(4);
        assertThat(size(fd)).isEqualTo(4007);
    }

    private long size(int fd) throws Exception {
        return agent.call("fstat", fd).get("size").asLong();
    }

    @Test
    void otherUsersMayNot() throws Exception {
        assumeTrue(mount.mount().mmapMode() == MmapMode.PASSTHROUGH, "needs root to become somebody else");
        stop();
        start(MountOptions.defaults().withAllowOther(true));
        agent.call("become", 65534);
        assertThat(agent.outcome("open", file, "O_RDONLY")).isEqualTo("EACCES");
        assertThat(agent.outcome("open", file, "O_WRONLY")).isEqualTo("EACCES");
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void aStreamHasNoPosition(MmapMode mode) throws Exception {
        restart(mode);
        log(5);
        int fd = agent.open(file, "O_RDWR");
        boolean seekable = mode == MmapMode.PASSTHROUGH;
        assertThat(agent.outcome("pread", fd, 10, 5)).isEqualTo("ESPIPE");
        assertThat(agent.outcome("pread", fd, 10, 4096)).isEqualTo("ESPIPE");
        // The kernel refuses FOPEN_NONSEEKABLE together with passthrough, so what does not reach us succeeds there.
        assertThat(agent.outcome("lseek", fd, 0, 1)).isEqualTo(seekable ? "0" : "ESPIPE");
        assertThat(agent.outcome("lseek", fd, 0, 0)).isEqualTo(seekable ? "0" : "ESPIPE");
        assertThat(agent.outcome("lseek", fd, 0, 2)).isEqualTo("ESPIPE");
        // And what a descriptor has read last can be read there again, as shells do it.
        assertThat(agent.outcome("pread", fd, 10, 0)).isEqualTo(seekable ? "aaaaaaaaaa" : "ESPIPE");
        assertThat(agent.outcome("preadv2", fd, 10, -1, "")).isEqualTo("aaaaaaaaaa");
        assertThat(agent.call("readv", fd, 500, 10, 500).get(1).asInt()).isEqualTo(1010);
        assertThat(agent.call("read_all", fd, 999).asText())
                .hasSize(5000 - 10 - 1010)
                .endsWith("e");
    }

    @Test
    void readsAreOfAnySizeAndCrossSubBuffers() throws Exception {
        log(16);
        int fd = agent.open(file, "O_RDONLY");
        assertThat(agent.read(fd, 1) + agent.read(fd, 7)).isEqualTo("aaaaaaaa");
        assertThat(agent.call("read_length", fd, 16384).asInt()).isEqualTo(16_000 - 8);
        assertThat(agent.read(fd, 100)).isEmpty();
        assertThat(agent.read(fd, 0)).isEmpty();
    }

    /// The kernel's relay answers 0 to an address that is not there and consumes nothing; FUSE checks the address
    /// before it asks us, and answers EFAULT. Nothing is consumed either.
    @Test
    void aBadAddressConsumesNothing() throws Exception {
        log(1);
        int fd = agent.open(file, "O_RDONLY");
        assertThat(agent.outcome("read_to", fd, 1)).isEqualTo("EFAULT");
        assertThat(agent.read(fd, 2000)).hasSize(1000);
    }

    @Test
    void writeFamily() throws Exception {
        assertThat(agent.outcome("write", agent.open(file, "O_RDONLY"), "x")).isEqualTo("EBADF");
        assertThat(agent.outcome("read", agent.open(file, "O_WRONLY"), 1)).isEqualTo("EBADF");
        int fd = agent.open(file, "O_RDWR|O_APPEND");
        assertThat(agent.call("write", fd, "one").asInt()).isEqualTo(3);
        assertThat(agent.outcome("write", fd, "")).isEqualTo("0");
        assertThat(agent.outcome("write", fd, "x".repeat(S))).isEqualTo("4096");
        assertThat(agent.outcome("write", fd, "x".repeat(S + 1))).isEqualTo("EMSGSIZE");
        assertThat(agent.outcome("write", fd, "x".repeat(3 << 20))).isEqualTo("EMSGSIZE");
        assertThat(agent.call("write", fd, "x".repeat(S)).asInt()).isEqualTo(S);
        assertThat(agent.call("write", fd, "x".repeat(S)).asInt()).isEqualTo(S);
        assertThat(agent.outcome("write", fd, "y")).isEqualTo("EAGAIN");
        assertThat(agent.call("read_all", fd, 1 << 20).asText())
                .startsWith("onex")
                .hasSize(3 + 3 * S);
        assertThat(agent.outcome("write", fd, "y")).isEqualTo("1");
        agent.call("put", mount.file("app/enabled"), "0");
        assertThat(agent.outcome("write", fd, "z")).isEqualTo("ESHUTDOWN");
        agent.call("put", mount.file("app/enabled"), "1");
        assertThat(agent.outcome("write", fd, "z")).isEqualTo("1");
        agent.call("put", mount.file("app/create"), "0");
        assertThat(agent.outcome("write", fd, "z")).isEqualTo("ESHUTDOWN");
        assertThat(agent.read(fd, 100)).isEqualTo("yz");
    }

    @Test
    void callsThatRelayDoesNotKnow() throws Exception {
        log(5);
        int fd = agent.open(file, "O_RDWR");
        assertThat(agent.outcome("fsync", fd)).isEqualTo("EINVAL");
        assertThat(agent.outcome("fdatasync", fd)).isEqualTo("EINVAL");
        assertThat(agent.outcome("fallocate", fd, 4096)).isEqualTo("EOPNOTSUPP");
        assertThat(agent.outcome("ioctl", fd, TCGETS, 64)).isEqualTo("ENOTTY");
        assertThat(agent.outcome("ioctl", fd, 0x40041234, 8)).isEqualTo("ENOTTY");
        // The kernel answers it by itself from st_size and the position, which is no more use there than here.
        assertThat(agent.outcome("ioctl", fd, FIONREAD, 8)).isEqualTo("4000");
        assertThat(agent.outcome("sync_file_range", fd)).isEqualTo("null");
        assertThat(agent.outcome("fadvise", fd)).isEqualTo("null");
        assertThat(agent.outcome("readahead", fd)).isEqualTo("null");
        assertThat(agent.outcome("flock", fd)).isEqualTo("null");
        assertThat(agent.outcome("lockf", fd)).isEqualTo("null");
        assertThat(agent.outcome("fchmod", fd, 0400)).isEqualTo("null");
        assertThat(agent.outcome("futimens", fd)).isEqualTo("null");
        assertThat(agent.outcome("getxattr", file)).isEqualTo("EOPNOTSUPP");
        assertThat(agent.outcome("setxattr", file)).isEqualTo("EOPNOTSUPP");
        assertThat(agent.call("read_all", fd, 1 << 20).asText()).hasSize(5000);
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void copyingInsideTheKernelConsumesNothing(MmapMode mode) throws Exception {
        restart(mode);
        log(5);
        int fd = agent.open(file, "O_RDONLY");
        String out = temp.resolve("out").toString();
        // With cached mappings a splice looks to us like a page fault: it shows the ring, from its first byte on.
        assertThat(agent.outcome("splice_to_pipe", fd, 100)).isEqualTo(mode == MmapMode.CACHED ? "100" : "EINVAL");
        assertThat(agent.outcome("sendfile", out, fd, 100)).isEqualTo("EINVAL");
        assertThat(agent.outcome("copy_file_range", out, fd, 100)).isEqualTo("EXDEV");
        assertThat(agent.call("read_all", fd, 1 << 20).asText()).hasSize(5000);
    }

    @Test
    void namesCannotBeChanged() throws Exception {
        String other = mount.file("app/other");
        assertThat(agent.outcome("unlink", file)).isEqualTo("EPERM");
        assertThat(agent.outcome("rename", file, other)).isEqualTo("EPERM");
        assertThat(agent.outcome("link", file, other)).isEqualTo("EPERM");
        assertThat(agent.outcome("symlink", file, other)).isEqualTo("EPERM");
        assertThat(agent.outcome("mknod", other)).isEqualTo("EACCES");
        assertThat(agent.outcome("open", other, "O_WRONLY|O_CREAT")).isEqualTo("EACCES");
        assertThat(agent.outcome("rmdir", file)).isEqualTo("ENOTDIR");
        assertThat(agent.call("stat", file).get("nlink").asInt()).isOne();
    }
}
