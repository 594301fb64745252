package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.Relay;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;

/// An exception behind a file operation.
@Timeout(60)
@MountTest
final class FailingCallbackIT {
    @TempDir
    private Path folder;

    @Test
    void anExceptionIsEioAtTheClientAndOneLogLine() throws Exception {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (Relay relay = Relay.create();
                RelayTree tree = new RelayTree(relay, new TreeOptions(0, 0, () -> {
                    throw new IllegalStateException("broken on purpose");
                }));
                RelayMount mount = RelayMount.mount(tree, folder, MountOptions.defaults())) {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            assertThat(Client.shell("cat $1/version 2>&1; ls $1", folder))
                    .contains("Input/output error", "channels", "control");
            assertThat(mount.isMounted()).isTrue();
        } finally {
            System.setErr(console);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("ERROR")))
                .singleElement()
                .asString()
                .contains("/version");
    }
}
