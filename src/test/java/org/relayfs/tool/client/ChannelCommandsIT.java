package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MountOptions;
import org.relayfs.linux.CurrentUser;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// `list`, `create` and `destroy`, and how channels are named on a command line.
@MountTest
final class ChannelCommandsIT {
    /// Hides every relayfs mount but the first argument, in a mount namespace of its own.
    private static final String ALONE = """
            awk -v ours="$1" '$5 != ours && / - fuse.relayfs / { print $5 }' /proc/self/mountinfo \
                | while read -r other; do umount -l "$(printf %b "$other")"; done
            shift
            """;

    @Test
    void channelsComeAndGo() throws Exception {
        try (TestMount mount = TestMount.open()) {
            assertThat(Tool.run("create", mount.path(), "a/b", "subbuf_size=4K", "n_subbufs=2", "mode=overwrite"))
                    .isEmpty();
            assertThat(mount.relay().channel("a/b").orElseThrow().config().subBufferCount())
                    .isEqualTo(2);
            assertThat(Tool.run("list", mount.path())).contains("a/b  enabled 4096        2         overwrite");
            assertThat(Tool.run("destroy", mount.path(), "a/b")).isEmpty();
            assertThat(mount.relay().channels()).isEmpty();
        }
    }

    /// Field case 24: what `control` takes is a subcommand.
    @Test
    void everyVerbOfControlIsACommand() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", ChannelConfig.of(4096, 2).withGlobal(true));
            assertThat(Tool.run("disable", mount.path(), "app")).isEmpty();
            assertThat(channel.isEnabled()).isFalse();
            assertThat(Tool.run("enable", mount.file("app"))).isEmpty();
            assertThat(channel.isEnabled()).isTrue();
            channel.write(new byte[100]);
            long produced = channel.stats().getFirst().produced();
            Tool.run("flush", mount.path(), "app");
            assertThat(channel.stats().getFirst().produced()).isEqualTo(produced + 1);
            Tool.run("reset", mount.path(), "app");
            assertThat(channel.stats().getFirst().records()).isZero();
            Tool.run("resize", mount.path(), "app", "n_subbufs=6");
            assertThat(channel.config().subBufferCount()).isEqualTo(6);
            assertThat(channel.config().subBufferSize()).isEqualTo(4096);
            assertThat(Tool.refused(ExitCode.USAGE, "resize", mount.path(), "app", "mode=overwrite"))
                    .contains("subbuf_size and n_subbufs");
            for (String verb : List.of("enable", "disable", "flush", "reset")) {
                assertThat(Tool.refused(ExitCode.USAGE, verb, mount.path(), "ap"))
                        .startsWith("relayfs: " + verb + " ap: No such file or directory");
            }
        }
    }

    @Test
    void aChannelCanBeNamedByItsPath() throws Exception {
        try (TestMount mount = TestMount.open()) {
            Tool.run("create", mount.file("app"));
            assertThat(mount.relay().channel("app")).isPresent();
            Tool.run("destroy", mount.file("app"));
            assertThat(mount.relay().channels()).isEmpty();
        }
    }

    /// Also from the folder that it is in, and where another relayfs lies in one.
    @Test
    void aPathIsThatOfTheInnermostMount() throws Exception {
        assumeTrue(CurrentUser.isRoot(), "only root has mount namespaces");
        try (TestMount outer = TestMount.open();
                TestMount inner = TestMount.open()) {
            Client.shell(
                    "mkdir \"$1/sub\"; exec unshare -m sh -c 'mount --bind \"$2\" \"$1/sub\" && \"$3\" create \"$1/sub/app\""
                            + " && cd \"$1/sub\" && \"$3\" create ./here' sh \"$@\"",
                    outer.path(),
                    inner.path(),
                    Tool.LAUNCHER);
            assertThat(inner.relay().channel("app")).isPresent();
            assertThat(inner.relay().channel("here")).isPresent();
            assertThat(outer.relay().channels()).isEmpty();
        }
    }

    /// The log shortens a long line.
    @Test
    void aLongLineHasItsReasonToo() throws Exception {
        try (TestMount mount = TestMount.open()) {
            assertThat(Tool.refused(ExitCode.USAGE, "create", mount.path(), "app", "base=" + "x".repeat(200)))
                    .contains("File name too long: base: ")
                    .contains("limit=");
        }
    }

    @Test
    void aRefusalComesWithItsReason() throws Exception {
        try (TestMount mount = TestMount.open()) {
            assertThat(Tool.refused(ExitCode.USAGE, "create", mount.path(), "app", "n_subbufs=0"))
                    .startsWith("relayfs: create app n_subbufs=0: Invalid argument: n_subbufs: ")
                    .contains("limit=1")
                    .hasLineCount(1);
            assertThat(Tool.refused(ExitCode.USAGE, "destroy", mount.path(), "app"))
                    .contains("No such file or directory");
        }
    }

    @Test
    void aWordIsNeverMoreThanAWordOfTheCommand() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("kept", ChannelConfig.of(4096, 2));
            for (List<String> words : List.of(
                    List.of("destroy", "x\ndestroy kept"),
                    List.of("destroy", "x/../kept"),
                    List.of("create", "y", "n_subbufs=2\ndestroy kept"),
                    List.of("create", "y", "n_subbufs=2 global=1"))) {
                List<Object> arguments = new ArrayList<>(words);
                arguments.add(1, mount.path());
                Tool.refused(ExitCode.USAGE, arguments.toArray());
            }
            assertThat(mount.relay().channels()).hasSize(1);
        }
    }

    @Test
    void whatIsNoMountIsToldApart(@TempDir Path folder) throws Exception {
        assertThat(Tool.refused(ExitCode.USAGE, "list", folder)).contains("is not a relayfs mount");
        assertThat(Tool.refused(ExitCode.USAGE, "cat", folder.resolve("app"))).contains("is not on a relayfs mount");
        try (TestMount mount = TestMount.open()) {
            assertThat(Tool.refused(ExitCode.USAGE, "cat", mount.path())).contains("which channel of");
            assertThat(Tool.refused(ExitCode.USAGE, "cat", mount.path(), "app"))
                    .isEqualTo("relayfs: there is no channel app on " + mount.path() + "\n");
            mount.relay().open("apple", ChannelConfig.of(4096, 2));
            assertThat(Tool.refused(ExitCode.USAGE, "cat", mount.path(), "aple"))
                    .contains("no channel aple on " + mount.path() + " (did you mean apple?)");
            Files.createDirectory(Path.of(mount.file("later")));
            assertThat(Tool.refused(ExitCode.USAGE, "cat", mount.path(), "later"))
                    .contains("channel later is not created");
        }
    }

    @Test
    void theOnlyMountNeedNotBeNamed(@TempDir Path folder) throws Exception {
        assumeTrue(CurrentUser.isRoot(), "only root has mount namespaces");
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("app", ChannelConfig.of(4096, 2));
            assertThat(alone(mount.path(), "\"$@\" list && \"$@\" stat app"))
                    .contains("app  enabled 4096")
                    .contains("app: enabled, 2 sub-buffers of 4096 bytes");
            String twice = "mount --bind " + mount.path() + " " + folder + "; ";
            assertThat(alone(mount.path(), twice + "\"$@\" list 2>&1 || true"))
                    .contains("2 relayfs are mounted; name one of them: ");
            assertThat(alone("none", "\"$@\" list 2>&1 || true")).contains("no relayfs is mounted");
        }
    }

    /// Runs a script for which the launcher is `"$@"`.
    private static String alone(Object kept, String script) throws Exception {
        try (Client shell =
                Client.start("unshare", "-m", "sh", "-c", ALONE + script, "sh", kept.toString(), Tool.LAUNCHER)) {
            return shell.awaitSuccess().output();
        }
    }

    // The sources may lie where others reach nothing: in the home of root. So there is a copy for them, which nobody
    // else sees.
    private static final String AS_NOBODY = """
            set -e
            sources=$1
            shift
            mount -t tmpfs -o mode=0755 tmpfs /mnt
            mkdir /mnt/bin /mnt/target
            cp "$sources/mount-scripts/relayfs" /mnt/bin/
            cp "$sources/target/relayfs.jar" /mnt/target/
            chmod 0755 /mnt/bin/relayfs
            chmod 0644 /mnt/target/relayfs.jar
            export RELAYFS_JAR=/mnt/target/relayfs.jar HOME=/nonexistent
            exec setpriv --reuid=65534 --regid=65534 --clear-groups /mnt/bin/relayfs "$@"
            """;

    @Test
    void othersMayLookAtWhatTheModesAllow() throws Exception {
        assumeTrue(CurrentUser.isRoot(), "only root can be somebody else");
        try (TestMount mount = TestMount.open(MountOptions.defaults().withAllowOther(true))) {
            mount.relay()
                    .open("app", ChannelConfig.of(4096, 2).withFileMode(0444))
                    .write("seen\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(asNobody(0, "list", mount.path())).contains("app  enabled");
            assertThat(asNobody(0, "stat", mount.path())).containsPattern("app +enabled +- +-");
            assertThat(asNobody(0, "cat", mount.path(), "app")).isEqualTo("seen\n");
            assertThat(asNobody(ExitCode.USAGE, "create", mount.path(), "mine")).contains("Permission denied");
        }
    }

    private static String asNobody(int exitCode, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", AS_NOBODY, "sh"));
        command.add(Path.of("").toAbsolutePath().toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try (Client tool = Client.start(command)) {
            assertThat(tool.awaitEnd()).as(tool::toString).isEqualTo(exitCode);
            return tool.output() + tool.errors();
        }
    }
}
