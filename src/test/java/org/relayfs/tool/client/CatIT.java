package org.relayfs.tool.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// `cat`.
@MountTest
final class CatIT {
    private static final ChannelConfig CONFIG = ChannelConfig.of(65536, 4);
    private static final int PATIENCE_MS = 20_000;

    private static void write(RelayChannel channel, String record) {
        assertThat(channel.write(record.getBytes(US_ASCII))).isEqualTo(record.length());
    }

    @Test
    void printsWhatIsInAllBuffersAndTakesItOut() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            for (int i = 0; i < 100; i++) {
                write(channel, "record " + i + "\n");
            }
            String all = IntStream.range(0, 100).mapToObj(i -> "record " + i).collect(Collectors.joining("\n"));
            assertThat(Tool.run("cat", mount.path(), "app").lines()).containsExactlyInAnyOrder(all.split("\n"));
            assertThat(Tool.run("cat", mount.path(), "app")).isEmpty();
        }
    }

    @Test
    void doesNotWaitForAChannelWhoseReadsWait() throws Exception {
        try (TestMount mount = TestMount.open()) {
            write(mount.relay().open("app", CONFIG), "there\n");
            Client.shell("echo 1 > \"$1\"", mount.file("app/blocking"));
            assertThat(Tool.run("cat", mount.path(), "app")).isEqualTo("there\n");
        }
    }

    @Test
    void followsUntilTheChannelIsDestroyed() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            write(channel, "before\n");
            try (Client cat = Tool.start("cat", "-f", mount.path(), "app")) {
                assertThat(cat.takeLine(PATIENCE_MS)).isEqualTo("before");
                // In a sub-buffer that stays open: nobody is woken.
                write(channel, "soon\n");
                assertThat(cat.takeLine(PATIENCE_MS)).isEqualTo("soon");
                for (int i = 0; i < 10_000; i++) {
                    write(channel, String.format("%07d ", i) + "x".repeat(7) + "\n");
                    if (i % 1000 == 0) {
                        Thread.sleep(2);
                    }
                }
                channel.close();
                cat.awaitSuccess();
                assertThat(cat.errors()).isEmpty();
                assertThat(cat.output().lines().skip(2).sorted())
                        .containsExactlyElementsOf(IntStream.range(0, 10_000)
                                .mapToObj(i -> String.format("%07d ", i) + "x".repeat(7))
                                .toList());
            }
        }
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            write(channel, "first\n");
            String script = "{ { \"$1\" cat $3 \"$2\" app; echo \"ended with $?\" >&3; } | head -1 >&3; } 3>&1";
            // It ends without anything more to print.
            assertThat(Client.shell(script, Tool.LAUNCHER, mount.path(), "-f")).isEqualTo("first\nended with 141\n");
            for (int i = 0; i < 20_000; i++) {
                channel.write("0123456789\n".getBytes(US_ASCII));
            }
            assertThat(Client.shell(script, Tool.LAUNCHER, mount.path(), "")).isEqualTo("0123456789\nended with 141\n");
        }
    }

    @Test
    void aSignalEndsFollowingAsItEndsOthers() throws Exception {
        try (TestMount mount = TestMount.open()) {
            write(mount.relay().open("app", CONFIG), "first\n");
            for (String signal : new String[] {"INT", "TERM"}) {
                try (Client cat = Tool.start("cat", "-f", mount.path(), "app")) {
                    write(mount.relay().channel("app").orElseThrow(), "more\n");
                    assertThat(cat.takeLine(PATIENCE_MS)).isNotNull();
                    long before = System.nanoTime();
                    assertThat(cat.signal(signal).awaitEnd()).isEqualTo(signal.equals("INT") ? 130 : 143);
                    assertThat(System.nanoTime() - before).isLessThan(3_000_000_000L);
                    assertThat(cat.errors()).isEmpty();
                }
            }
        }
    }

    @Test
    void followingCostsNearlyNothingWhileNothingComes() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            write(channel, "first\n");
            try (Client cat = Tool.start("cat", "-f", mount.path(), "app")) {
                assertThat(cat.takeLine(PATIENCE_MS)).isEqualTo("first");
                Thread.sleep(500);
                long before = cpuTicks(cat.pid());
                Thread.sleep(2000);
                assertThat(cpuTicks(cat.pid()) - before)
                        .as("hundredths of a second in 2 s")
                        .isLessThan(20);
            }
        }
    }

    private static long cpuTicks(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
