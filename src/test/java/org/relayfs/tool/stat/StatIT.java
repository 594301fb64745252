package org.relayfs.tool.stat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// `stat`.
@MountTest
final class StatIT {
    private static final byte[] RECORD = new byte[10];
    private static final ChannelConfig SMALL = ChannelConfig.of(4096, 2).withGlobal(true);

    @Test
    void countersAndLoss() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", SMALL);
            for (int i = 0; i < 20; i++) {
                channel.write(new byte[1024]);
            }
            channel.write(new byte[5000]);

            assertThat(Tool.run("stat", mount.path(), "app")).isEqualTo("""
                            app: enabled, 2 sub-buffers of 4096 bytes, no-overwrite
                            cpu  records  rec/s  written  B/s  read  backlog  lost
                            0          8      -     8.0K    -     0        2    13
                            all        8      -     8.0K    -     0        2    13
                            lost: 13 records (full 12, big 1), 17288 bytes
                            """);
            assertThat(Tool.run("stat", mount.path())).isEqualTo("""
                            channel  state    records  rec/s  written  B/s  read  backlog  lost
                            app      enabled        8      -     8.0K    -     0        2    13
                            """);
        }
    }

    @Test
    void overwrittenBytesAreLossAndFullSwitchesAreNot() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", SMALL.withMode(ChannelMode.OVERWRITE));
            for (int i = 0; i < 16; i++) {
                channel.write(new byte[1024]);
            }

            assertThat(Tool.run("stat", mount.path(), "app")).contains("lost: 0 records; 8192 bytes overwritten");
        }
    }

    @Test
    void watchPrintsATableAnIntervalOnAPipe() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", SMALL.withMode(ChannelMode.OVERWRITE));
            Thread writer = Thread.ofPlatform().start(() -> writeUntil(stop, channel));
            String tables = Tool.run("stat", mount.path(), "app", "--watch", "0.2", "--count", "3");
            stop.set(true);
            writer.join();

            List<String> sums =
                    tables.lines().filter(line -> line.startsWith("all ")).toList();
            assertThat(sums).hasSize(3);
            assertThat(sums.getFirst()).as("field case 24: the first has rates").containsPattern("all +\\S+ +[1-9]");
            assertThat(sums.getLast()).containsPattern("all +\\S+ +[1-9]\\S* +\\S+ +[1-9]");
            assertThat(tables).doesNotContain("\033");
        }
    }

    private static void writeUntil(AtomicBoolean stop, RelayChannel channel) {
        while (!stop.get()) {
            channel.write(new byte[100]);
            Thread.onSpinWait();
        }
    }

    @Test
    void watchRefreshesInPlaceOnATerminal() throws Exception {
        try (TestMount mount = TestMount.open()) {
            for (int i = 0; i < 30; i++) {
                mount.relay().open("channel" + i, SMALL);
            }
            try (Client terminal = Tool.onTerminal("stat " + mount.path() + " -w 0.2 -c 2")) {
                String screen = terminal.awaitSuccess().output();
                assertThat(screen.split("\033\\[H", -1)).hasSize(3);
                assertThat(screen).contains("\033[K").contains("\033[J");
                // 24 lines: a longer table must not scroll the screen.
                assertThat(screen.split("\033\\[H", -1)[1].lines()).hasSizeLessThanOrEqualTo(24);
            }
        }
    }

    @Test
    void watchEndsWhenNobodyReadsAnyMoreAndAfterASignal() throws Exception {
        try (TestMount mount = TestMount.open()) {
            assertThat(Client.shell(
                            "{ { \"$1\" stat \"$2\" -w 0.1; echo ended with $? >&3; } | head -1 >&2; } 3>&1",
                            Tool.LAUNCHER,
                            mount.path()))
                    .isEqualTo("ended with " + ExitCode.BROKEN_PIPE + "\n");
            try (Client watch = Tool.start("stat", mount.path(), "--watch")) {
                assertThat(watch.takeLine(20_000)).startsWith("relayfs stat");
                assertThat(watch.signal("INT").awaitEnd()).isZero();
            }
        }
    }

    /// Field case 24: tables fit a terminal, and a count alone repeats, too.
    @Test
    void tablesFit80Columns() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("application", SMALL.withMode(ChannelMode.OVERWRITE));
            for (int i = 0; i < 1_500_000; i++) {
                channel.write(RECORD);
            }
            String tables = Tool.run("stat", mount.path(), "-c", "2", "-w", "0.1");
            assertThat(tables.lines()).allMatch(line -> line.length() <= 80);
            assertThat(tables).containsPattern("application +enabled +1\\.500M +0 ");
            assertThat(Tool.run("stat", mount.path(), "-c", "1"))
                    .contains("application")
                    .hasLineCount(4);
            assertThat(Tool.refused(ExitCode.USAGE, "stat", mount.path(), "-c", "0"))
                    .contains("--count=0, limit=1 or more");
        }
    }

    /// Field case 24.
    @Test
    void jsonHasAllThatIsKnown() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay().open("app", SMALL);
            channel.write(RECORD);
            JsonNode stat = new ObjectMapper().readTree(Tool.run("stat", mount.path(), "--json"));
            assertThat(stat.at("/channels/0/name").asText()).isEqualTo("app");
            assertThat(stat.at("/channels/0/stats/0/bytes_written").asLong()).isEqualTo(RECORD.length);
            String header = Client.shell("head -1 \"$1\"", mount.file("app/stats"));
            List<String> names = new ArrayList<>();
            stat.at("/channels/0/stats/0").fieldNames().forEachRemaining(names::add);
            assertThat(names).containsExactly(header.strip().split(" +"));
            assertThat(Tool.run("stat", mount.path(), "--json", "-w", "0.1", "-c", "2")
                            .lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("{\"channels\":[{\"name\":\"app\""));
            JsonNode list = new ObjectMapper().readTree(Tool.run("list", mount.path(), "--json"));
            assertThat(list.at("/channels/0/subbuf_size").asLong()).isEqualTo(4096);
            assertThat(list.at("/channels/0/state").asText()).isEqualTo("enabled");
        }
    }
}
