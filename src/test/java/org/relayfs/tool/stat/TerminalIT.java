package org.relayfs.tool.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Field case 24: what `stat` and `list` do on a terminal, a real one.
@MountTest
@Timeout(120)
final class TerminalIT {
    private static final ChannelConfig SMALL = ChannelConfig.of(4096, 2).withGlobal(true);
    private static final String LONG = "network/interfaces/" + "x".repeat(60) + "/eth0";

    @TempDir
    private Path folder;

    /// On a terminal of 24 lines. Its mode is saved in two files: before the command, and after it.
    private Client onTerminal(int columns, String arguments) throws IOException {
        String script = "stty rows 24 cols " + columns + "; stty -g >before; sh -c 'echo $$ >pid; exec \"$@\"' sh "
                + Tool.LAUNCHER + " " + arguments + "; code=$?; stty -g >after; exit $code";
        return Client.startIn(folder, List.of("script", "-qefc", script, "/dev/null"));
    }

    private void press(Client terminal, String keys) throws IOException {
        terminal.input().write(keys.getBytes(StandardCharsets.US_ASCII));
        terminal.input().flush();
    }

    private void assertRestored() throws IOException {
        assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    }

    private String pid() throws IOException {
        return Files.readString(folder.resolve("pid")).strip();
    }

    @Test
    void qEndsTheWatchAtOnceAndIsNotShown() throws Exception {
        try (TestMount mount = TestMount.open();
                Client terminal = onTerminal(80, "stat " + mount.path() + " --watch=3600")) {
            terminal.awaitLine("channel");
            press(terminal, "xyq");
            assertThat(terminal.awaitEnd(20)).isZero();
            assertThat(terminal.output()).doesNotContain("xy");
            assertRestored();
        }
    }

    @Test
    void otherKeysDoNotEndIt() throws Exception {
        try (TestMount mount = TestMount.open();
                Client terminal = onTerminal(80, "stat " + mount.path() + " --watch=0.5 --count=3")) {
            terminal.awaitLine("channel");
            press(terminal, "x Q\r");
            assertThat(terminal.awaitEnd(20)).isZero();
            assertThat(terminal.output().split("\033\\[H", -1)).hasSize(4);
            assertRestored();
        }
    }

    @Test
    void signalsAndControlCLeaveTheTerminalAsItWas() throws Exception {
        try (TestMount mount = TestMount.open()) {
            for (String signal : new String[] {"INT", "TERM", "HUP"}) {
                try (Client terminal = onTerminal(80, "stat " + mount.path() + " --watch=3600")) {
                    terminal.awaitLine("channel");
                    Client.shell("kill -$1 $2", signal, pid());
                    assertThat(terminal.awaitEnd(20)).as(signal).isZero();
                    assertRestored();
                }
            }
            try (Client terminal = onTerminal(80, "stat " + mount.path() + " --watch=3600")) {
                terminal.awaitLine("channel");
                press(terminal, "\003");
                terminal.awaitEnd(20);
                assertRestored();
            }
        }
    }

    @Test
    void anErrorLeavesTheTerminalAsItWas() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", SMALL);
            try (Client terminal = onTerminal(80, "stat " + mount.path() + " app --watch=0.2")) {
                terminal.awaitLine("app");
                Client.shell("echo destroy app > \"$1\"", mount.file("control"));
                assertThat(terminal.awaitEnd(20)).isNotZero();
                assertThat(terminal.output()).contains("relayfs: there is no channel app");
                assertRestored();
            }
        }
    }

    /// A shell that has put it into the background reads the keys itself.
    @Test
    void aBackgroundJobLeavesTheTerminalAlone() throws Exception {
        try (TestMount mount = TestMount.open()) {
            String job = "set -m; " + Tool.LAUNCHER + " stat " + mount.path()
                    + " --watch=0.1 --count=10 & stty -g >before; read line; echo \"read:$line\"; wait $!; code=$?;"
                    + " stty -g >after; exit $code";
            Path script = Files.writeString(folder.resolve("job"), job);
            try (Client terminal = Client.startIn(folder, List.of("script", "-qefc", "bash " + script, "/dev/null"))) {
                terminal.awaitLine("channel");
                press(terminal, "quiet\r");
                terminal.awaitLine("read:quiet");
                assertThat(terminal.awaitEnd(20)).isZero();
                assertRestored();
            }
        }
    }

    @Test
    void theHeaderIsBoldForThoseWhoWantIt() throws Exception {
        try (TestMount mount = TestMount.open()) {
            String list = " list " + mount.path();
            for (String wish : new String[] {"TERM=xterm", "TERM=xterm NO_COLOR="}) {
                assertThat(screen("env -u NO_COLOR " + wish + " " + Tool.LAUNCHER + list))
                        .startsWith("\033[1mname");
            }
            for (String wish : new String[] {"TERM=dumb", "TERM=xterm NO_COLOR=1"}) {
                assertThat(screen("env -u NO_COLOR " + wish + " " + Tool.LAUNCHER + list))
                        .startsWith("name");
            }
        }
    }

    private static String screen(String command) throws Exception {
        try (Client terminal = Client.start("script", "-qefc", command, "/dev/null")) {
            return terminal.awaitSuccess().output();
        }
    }

    @Test
    void longNamesFitTheTerminalAndAreWholeElsewhere() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open(LONG, SMALL);
            mount.relay().open("short", SMALL);
            for (String command : new String[] {"stat " + mount.path(), "list " + mount.path()}) {
                for (int columns : new int[] {80, 100}) {
                    try (Client terminal = onTerminal(columns, command)) {
                        String screen = terminal.awaitSuccess()
                                .output()
                                .replaceAll("\033\\[[0-9;]*m", "")
                                .replace("\r", "");
                        assertThat(screen.lines().mapToInt(String::length).max())
                                .hasValue(columns);
                        assertThat(screen).containsPattern("(?m)^network\\S*\\.\\.\\.\\S*/eth0 +enabled");
                        assertThat(screen).containsPattern("(?m)^short +enabled");
                    }
                }
                String[] words = command.split(" ");
                assertThat(Tool.run(words[0], words[1])).contains(LONG + " ");
                assertThat(Tool.run(words[0], words[1], "--json")).contains("\"" + LONG + "\"");
            }
            try (Client terminal = onTerminal(80, "stat " + mount.path() + " " + LONG)) {
                assertThat(terminal.awaitSuccess().output().lines()).allMatch(line -> line.length() <= 80);
                assertThat(terminal.output()).containsPattern("network\\S*\\.\\.\\.\\S*/eth0: enabled");
            }
        }
    }
}
