package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;

/// The tmpfs is full: by somebody else's files, under load. The daemon has a small one of its own, which nobody else
/// sees.
@MountTest
class FullMemoryIT {
    private static final List<String> SMALL_MEMORY =
            List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=16m tmpfs /dev/shm && exec \"$@\"", "sh");

    @TempDir
    private Path folder;

    @Test
    void onlyNewChannelsAreRefused() throws Exception {
        assumeTrue(SharedFolder.userId() == 0, "only root can mount a tmpfs");
        try (Daemon inside = Daemon.start(folder, "size=64M", SMALL_MEMORY)) {
            Daemon daemon = inside.seenFromOutside();
            try (Load load = Load.start(daemon, 2_000_000)) {
                Path fill = daemon.seen(Path.of("/dev/shm/fill"));
                Client.shell("dd if=/dev/zero of=$1 bs=4k status=none 2>&1 | grep -q 'No space left'", fill);
                String said = Client.shell(
                        "cd $1; bash -c 'echo create more > control' 2>&1 || mkdir later", daemon.folder());
                assertThat(said).contains("No space left on device");
                load.assertFlows();
                Client.shell("rm $1; cd $2; echo 1 > later/create; rmdir later", fill, daemon.folder());
                assertThat(load.finish()).isPositive();
            }
            daemon.process().signal("TERM").awaitEnd();
        }
    }
}
