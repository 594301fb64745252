package org.relayfs.tool.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// `cat --observe`.
@MountTest
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ObserveIT {
    private static final ChannelConfig CONFIG = ChannelConfig.of(4096, 4).withGlobal(true);
    private static final int PATIENCE_MS = 20_000;

    private static void write(RelayChannel channel, String record) {
        assertThat(channel.write(record.getBytes(US_ASCII))).isEqualTo(record.length());
    }

    @Test
    void printsWhatIsThereAndTakesNothing() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG);
            write(channel, "one\n");
            channel.flush();
            write(channel, "two\n");
            assertThat(Tool.run("cat", "--observe", mount.path(), "app")).isEqualTo("one\ntwo\n");
            assertThat(Tool.run("cat", mount.path(), "app")).isEqualTo("one\ntwo\n");
            // What was read is still there until it is overwritten.
            assertThat(Tool.run("cat", "-o", mount.path() + "/app")).isEqualTo("one\ntwo\n");
            assertThat(Tool.refused(1, "cat", "--observe", mount.path(), "nothing"))
                    .contains("no channel nothing");
        }
    }

    @Test
    void saysThatNothingTellsOfThePlainOnesMemory() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create app global=1 subbuf_size=4096 n_subbufs=2 plain=1 > control");
            assertThat(Tool.refused(1, "cat", "--observe", mount.path(), "app"))
                    .contains("channel app: it was created with plain=1")
                    .contains("without --observe");
            assertThat(Tool.run("cat", mount.path(), "app")).isEmpty();
        }
    }

    @Test
    void followsBesideAReaderAndSaysWhatItHasMissed() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", CONFIG.withMode(ChannelMode.OVERWRITE));
            write(channel, "first\n");
            try (Client cat = Tool.start("cat", "-f", "--observe", mount.path(), "app")) {
                assertThat(cat.takeLine(PATIENCE_MS)).isEqualTo("first");
                assertThat(channel.stats().getFirst().bytesRead()).isZero();
                // It cannot write what it has read, and is overtaken.
                cat.signal("STOP");
                String record = "x".repeat(4095) + "\n";
                for (int i = 0; i < 100; i++) {
                    write(channel, record);
                }
                cat.signal("CONT");
                channel.close();
                cat.awaitSuccess();
                assertThat(cat.output()).isEqualTo("first\n" + record.repeat(4));
                assertThat(cat.errors())
                        .isEqualTo("relayfs: channel app: " + 96 * 4096
                                + " bytes were overwritten before they were read, in 97 sub-buffers\n");
            }
        }
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() throws Exception {
        try (TestMount mount = TestMount.open()) {
            write(mount.relay().open("app", CONFIG), "first\n");
            String script = "{ { \"$1\" cat -f -o \"$2\" app; echo \"ended with $?\" >&3; } | head -1 >&3; } 3>&1";
            assertThat(Client.shell(script, Tool.LAUNCHER, mount.path())).isEqualTo("first\nended with 141\n");
        }
    }
}
