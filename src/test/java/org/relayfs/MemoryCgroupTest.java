package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.linux.MemoryCgroup;
import org.relayfs.testing.Client;

/// Field case 5: what a memory control group does not leave is refused, because the kernel would kill. The group's
/// files are
/// bound over the system's: what a container sees.
@Timeout(120)
class MemoryCgroupTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void makeGroup(int version) throws IOException {
        if (version == 1) {
            write("memory/memory.limit_in_bytes", 100 * MIB + "\n");
            write("memory/memory.usage_in_bytes", 90 * MIB + "\n");
            write("memory/memory.stat", "cache 1\ntotal_inactive_file " + 20 * MIB + "\ntotal_active_file " + 10 * MIB);
        } else {
            write("memory.max", 100 * MIB + "\n");
            write("memory.current", 90 * MIB + "\n");
            write("memory.stat", "file 1\ninactive_file " + 20 * MIB + "\nactive_file " + 10 * MIB + "\n");
        }
    }

    /// With `self` in the folder as the process' own groups, if it is there.
    private String run() throws Exception {
        String bind = "mount --bind \"$0\" /sys/fs/cgroup && if [ -e \"$0/self\" ]; then mount --bind \"$0/self\""
                + " /proc/$$/cgroup; fi && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", bind, folder.toString()));
        List<String> java = new ArrayList<>(Client.java(Program.class));
        // The JVM looks at these files, too, and dies of those that cannot be.
        java.add(1, "-XX:-UseContainerSupport");
        command.addAll(java);
        try (Client program = Client.start(command)) {
            return program.awaitSuccess().output();
        }
    }

    private static boolean canMount() throws Exception {
        try (Client unshare = Client.start("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/dev/shm")) {
            return unshare.awaitEnd() == 0;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatTheGroupDoesNotLeaveIsRefusedWithItsLimit(int version) throws Exception {
        assumeTrue(canMount(), "this user has no mount namespaces");
        makeGroup(version);
        String group = version == 1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
        assertThat(run())
                .contains("left " + 40 * MIB)
                .contains("fits 20480")
                .contains("refused true")
                .contains("in the memory control group " + group + ": left=")
                .contains("limit=" + 100 * MIB)
                .contains("MemoryMax=");
    }

    @Test
    void withoutALimitNothingIsRefused() throws Exception {
        assumeTrue(canMount(), "this user has no mount namespaces");
        write("memory.max", "max\n");
        write("memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(run()).contains("left none").contains("not refused");
    }

    @Test
    void ofSeveralGroupsTheOneWithLeastLeftCounts() throws Exception {
        assumeTrue(canMount(), "this user has no mount namespaces");
        write("self", "12:cpu,memory:/outer/inner\n1:name=systemd:/x\n0::/outer\n");
        write("memory/outer/memory.limit_in_bytes", 50 * MIB + "\n");
        write("memory/outer/memory.usage_in_bytes", 20 * MIB + "\n");
        write("memory/outer/memory.stat", "");
        write("memory/outer/inner/memory.limit_in_bytes", 200 * MIB + "\n");
        write("memory/outer/inner/memory.usage_in_bytes", 10 * MIB + "\n");
        write("memory/outer/inner/memory.stat", "");
        assertThat(run()).contains("left " + 30 * MIB).contains("group /sys/fs/cgroup/memory/outer: left=");
        write("outer/memory.max", 400 * MIB + "\n");
        write("outer/memory.current", 371 * MIB + "\n");
        write("outer/memory.stat", "");
        assertThat(run()).contains("left " + 29 * MIB).contains("group /sys/fs/cgroup/outer: left=");
    }

    /// What the tests run.
    static final class Program {
        private Program() {}

        /// Asks for what fits, then for too much.
        public static void main(String[] args) throws Exception {
            System.out.println("left "
                    + MemoryCgroup.tightest().map(group -> "" + group.left()).orElse("none"));
            try (Relay relay = Relay.create()) {
                RelayChannel small =
                        relay.open("small", ChannelConfig.of(4096, 5).withGlobal(true));
                System.out.println("fits " + small.buffers().getFirst().data().byteSize());
                relay.open("large", ChannelConfig.of(MIB, 32).withGlobal(true));
                System.out.println("not refused");
            } catch (QuotaException e) {
                System.out.println("refused " + e.outOfSpace() + " " + e.getMessage());
            }
        }
    }
}
