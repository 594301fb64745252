package org.relayfs.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Tool;

/// What only some users need is not loaded for the others: not by a daemon that serves, and not by commands.
@MountTest
@Timeout(120)
final class UnloadedClassesIT {
    // Not java.util.logging, which jnr-ffi loads, nor our own commands, which the class cache may load.
    private static final Pattern OPTIONAL =
            Pattern.compile("org\\.apache\\.kafka|org\\.apache\\.logging|ch\\.qos\\.logback|io\\.micrometer|"
                    + "javax\\.management|jdk\\.jfr\\.|org\\.relayfs\\.(jfr|logging|agent|metrics\\.Relay)");

    @TempDir
    private Path folder;

    private Client start(String log, Object... words) throws Exception {
        String[] command = new String[words.length + 3];
        command[0] = "env";
        command[1] = "RELAYFS_OPTS=-Xlog:class+load:file=" + folder.resolve(log);
        command[2] = Tool.LAUNCHER;
        for (int i = 0; i < words.length; i++) {
            command[i + 3] = words[i].toString();
        }
        return Client.start(command);
    }

    private void assertLoadsOwnAlone(String log) throws Exception {
        String loaded = Files.readString(folder.resolve(log));
        assertThat(loaded).contains("org.relayfs.tool.");
        assertThat(OPTIONAL.matcher(loaded).results().map(result -> result.group()))
                .as(log)
                .isEmpty();
    }

    @Test
    void whatIsOptionalIsNotLoaded() throws Exception {
        Path point = Files.createDirectory(folder.resolve("mount"));
        Leftovers.watchMountPoint(point);
        try (Client daemon = start("daemon", "mount", "-f", point)) {
            daemon.awaitLine("mounted on ");
            for (String command : new String[] {"create", "stat", "cat", "list"}) {
                boolean all = command.equals("list");
                try (Client client = all ? start(command, command, point) : start(command, command, point, "app")) {
                    client.awaitSuccess();
                }
                assertLoadsOwnAlone(command);
                Client.shell("echo hello > \"$1/app/write\"", point);
            }
            assertThat(Client.shell("cat \"$1\"/app/cpu*[0-9] \"$1/metrics\"", point))
                    .contains("hello");
            daemon.signal("TERM").awaitEnd();
        }
        assertLoadsOwnAlone("daemon");
    }
}
