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
import org.relayfs.testing.Programs;

/// Four processes do random things to all files and directories of a mount, while two threads write to two channels
/// and two clients read them. The daemon lives, what it holds stays level, and those streams stay exact.
///
/// `-Drelayfs.fuzz.seconds=60 -Drelayfs.fuzz.things=100000` for the long run, `-Drelayfs.fuzz.seed=N` to repeat one.
@MountTest
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FuzzIT {
    private static final int PROCESSES = 4;
    private static final double SECONDS = Double.parseDouble(System.getProperty("relayfs.fuzz.seconds", "5"));
    private static final int THINGS = Integer.getInteger("relayfs.fuzz.things", 4_000);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);
    private static final double WARM_UP = 0.4;

    @TempDir
    private Path folder;

    @Test
    void theDaemonLivesAndKeptStreamsStayExact() throws Exception {
        System.out.println("fuzz: seed " + SEED);
        try (Daemon daemon = Daemon.start(folder, "size=64M,nr_channels=64", List.of(), "-Xmx64m");
                Load load = Load.start(daemon, 5_000_000)) {
            fuzz(SEED, WARM_UP);
            DaemonSample before = DaemonSample.settled(daemon);
            fuzz(SEED + PROCESSES, 1 - WARM_UP);
            DaemonSample after = DaemonSample.settled(daemon);
            System.out.println("fuzz: before " + before + ", after " + after);
            long records = load.finish();
            System.out.println("fuzz: " + records + " records");
            assertThat(records).isPositive();
            assertLevel(before, after);
            assertThat(daemon.process().isAlive()).isTrue();
            daemon.assertNothingLogged();
            daemon.process().signal("TERM").awaitEnd();
            assertThat(daemon.isMounted()).isFalse();
            assertThat(daemon.memory()).isEmpty();
        }
    }

    private void fuzz(long seed, double share) throws Exception {
        List<Client> fuzzers = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                List<String> command = new ArrayList<>(List.of(
                        "python3",
                        Programs.python("fuzz"),
                        folder.toString(),
                        Long.toString(seed + i),
                        Double.toString(SECONDS * share),
                        Integer.toString((int) (THINGS * share) / PROCESSES)));
                command.addAll(Load.CHANNELS);
                fuzzers.add(Client.start(command));
            }
            for (Client fuzzer : fuzzers) {
                fuzzer.awaitSuccess(Math.round(SECONDS) + 100);
                System.out.println("fuzz: " + fuzzer.output().strip());
            }
            clean();
        } finally {
            fuzzers.forEach(Client::close);
        }
    }

    private void clean() throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", Programs.python("fuzz"), folder.toString(), "clean"));
        command.addAll(Load.CHANNELS);
        try (Client cleaner = Client.start(command)) {
            cleaner.awaitSuccess();
        }
    }

    private static void assertLevel(DaemonSample before, DaemonSample after) {
        assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors());
        assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads());
        assertThat(after.heapKib()).as("heap").isLessThan(before.heapKib() + 4096);
        assertThat(after.mappedKib()).as("shared memory").isLessThanOrEqualTo(before.mappedKib());
        assertThat(after.privateKib()).as("memory").isLessThan(before.privateKib() + 65_536);
    }
}
