package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Tool;

/// A daemon that is killed while somebody observes one of its channels.
@MountTest
@Timeout(120)
class WatchedDaemonIT {
    @TempDir
    Path folder;

    @Test
    void whoObservesIsToldInTime() throws Exception {
        try (Daemon daemon = Daemon.start(folder, "size=16M", List.of())) {
            Client.shell("echo create app > \"$1/control\"; echo first > \"$1/app/write\"", daemon.folder());
            try (Client cat = Tool.start("cat", "-f", "--observe", daemon.folder(), "app")) {
                assertThat(cat.takeLine(20_000)).isEqualTo("first");
                daemon.process().close();
                long before = System.nanoTime();
                assertThat(cat.awaitEnd()).as(cat::toString).isEqualTo(2);
                assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
                assertThat(cat.errors()).isEqualTo("relayfs: channel app: the process that served it has died\n");
            }
        }
    }
}
