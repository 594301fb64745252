package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relayfs.tree.MountedTree.OWNER;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeriodicFlushTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
        fs.write("/control", "create app global=1 subbuf_size=4K n_subbufs=4");
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private static boolean timerRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("relayfs-flush"));
    }

    @Test
    void whatLiesInTheOpenSubBufferIsDeliveredInTime() throws ErrnoException {
        fs.write("/app/flush_interval_ms", "10");
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 1);
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 2);
    }

    @Test
    void emptySubBuffersAreNeverClosed() throws Exception {
        fs.write("/app/flush_interval_ms", "1");
        Thread.sleep(50);
        assertThat(fs.readCounter("/app/cpu0.produced")).isZero();
    }

    @Test
    void zeroEndsIt() throws Exception {
        fs.write("/app/flush_interval_ms", "1");
        fs.write("/app/flush_interval_ms", "0");
        fs.write("/app/write", "record");
        Thread.sleep(50);
        assertThat(fs.readCounter("/app/cpu0.produced")).isZero();
    }

    @Test
    void theIntervalOutlivesTheChannelButNotTheDirectoryAndTheTree() throws ErrnoException {
        fs.write("/app/flush_interval_ms", "5");
        fs.write("/app/create", "1");
        fs.write("/app/write", "record");
        await().atMost(Duration.ofSeconds(10)).until(() -> fs.readCounter("/app/cpu0.produced") == 1);
        fs.tree.removeDirectory("/app", OWNER);
        fs.tree.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !timerRuns());
    }
}
