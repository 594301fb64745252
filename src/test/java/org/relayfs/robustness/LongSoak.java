package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;

/// A daemon under an ordinary load for a long time: two channels that are written and read, others that come and go,
/// somebody who looks at the tables. What it holds must not grow. Not in every build: `mvn -Probust verify`.
///
/// `-Drelayfs.soak.minutes=10` says how long, `-Drelayfs.soak.samples=10` how often it is looked at.
@MountTest
@Timeout(value = 2, unit = TimeUnit.DAYS)
class LongSoak {
    private static final double MINUTES = Double.parseDouble(System.getProperty("relayfs.soak.minutes", "10"));
    private static final int SAMPLES = Integer.getInteger("relayfs.soak.samples", 10);
    private static final long HEAP_GROWTH_KIB = 1024;
    private static final long MEMORY_GROWTH_KIB = 16_384;

    /// What users do besides, over and over.
    private static final String EVERYDAY_LIFE = """
            cd "$1"
            while :; do
                echo "create comes subbuf_size=16K n_subbufs=4" > control
                for i in 1 2 3 4 5 6 7 8; do echo "record $i" > comes/write; done
                cat comes/cpu[0-9] channels kept0/stats > /dev/null
                ls -lR . > /dev/null
                echo nonsense 2> /dev/null > control
                echo destroy comes > control
                mkdir goes && rmdir goes
                sleep 0.05
            done
            """;

    @TempDir
    private Path folder;

    @Test
    void whatADaemonHoldsStaysLevel() throws Exception {
        List<DaemonSample> samples = new ArrayList<>();
        try (Daemon daemon = Daemon.start(folder, "size=64M", List.of(), "-Xmx64m");
                Load load = Load.start(daemon, 2_000_000);
                Client user = Client.start("sh", "-c", EVERYDAY_LIFE, "sh", folder.toString())) {
            // The first sample comes when everything has been done and compiled.
            for (int i = 0; i <= SAMPLES; i++) {
                TimeUnit.MILLISECONDS.sleep(Math.round(MINUTES * 60_000 / (SAMPLES + 1)));
                samples.add(DaemonSample.settled(daemon));
                System.out.println("soak: " + samples.getLast());
                assertThat(user.isAlive()).as(user.toString()).isTrue();
                load.assertFlows();
            }
            user.close();
            System.out.println("soak: " + load.finish() + " records");
            daemon.assertNothingLogged();
        }
        DaemonSample first = samples.getFirst();
        DaemonSample last = samples.getLast();
        assertThat(last.heapKib()).as("heap").isLessThan(first.heapKib() + HEAP_GROWTH_KIB);
        assertThat(last.privateKib()).as("memory").isLessThan(first.privateKib() + MEMORY_GROWTH_KIB);
        assertThat(last.threads()).as("threads").isEqualTo(first.threads());
        assertThat(last.descriptors()).as("descriptors").isLessThanOrEqualTo(first.descriptors() + 1);
    }
}
