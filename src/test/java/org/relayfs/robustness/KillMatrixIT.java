package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.MountTest;

/// Daemons that are struck and ended in every way, at random moments, while their channels are written and read.
/// Each is mounted where the one before has ended, however it did. Nothing hangs, and nothing is left.
///
/// In every build each way comes once; `-Drelayfs.kill.rounds=50 -Drelayfs.kill.limit=5000` for the long run,
/// `-Drelayfs.kill.seed=N` to repeat one.
@MountTest
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KillMatrixIT {
    private static final int ROUNDS = Integer.getInteger("relayfs.kill.rounds", End.values().length);
    private static final long SEED = Long.getLong("relayfs.kill.seed", System.nanoTime() & 0xffffff);
    private static final String OPTIONS = "size=64M";

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Pace pace = new Pace(random);

    @Test
    void everyEndIsFollowedByAMountThatWorks() throws Exception {
        System.out.println("kill matrix: seed " + SEED);
        List<End> ends = shuffled(End.possible());
        List<Blow> blows = shuffled(Blow.values());
        List<Daemon> daemons = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Blow blow = blows.get(round % blows.size());
                End end = ends.get(round % ends.size());
                System.out.println("kill matrix: " + blow + ", " + end + ", until now " + pace);
                play(daemons, blow, end);
            }
        } finally {
            for (Daemon daemon : daemons) {
                daemon.close();
            }
        }
        System.out.println("kill matrix: " + ROUNDS + " rounds, " + pace);
    }

    private void play(List<Daemon> daemons, Blow blow, End end) throws Exception {
        Daemon daemon = Daemon.start(folder, OPTIONS, List.of(), "-Xmx24m");
        daemons.add(daemon);
        try (Load load = Load.start(daemon, 2_000_000)) {
            pace.pause();
            blow.fall(daemon, pace);
            assertThat(pace.soon("answer", () -> load.askVersion())).startsWith("relayfs ");
            assertThat(daemon.process().isAlive()).isTrue();
            load.assertFlows();
            pace.pause();
            end.come(daemon, load, pace);
            assertThat(daemon.process().isAlive()).isFalse();
            assertThat(daemon.process().errors())
                    .as("log of the daemon")
                    .doesNotContain("Exception in thread", "thread ends", "does not end", "stays open");
            assertThat(daemon.memory()).as("shared memory").isEmpty();
        }
    }

    private <T> List<T> shuffled(T[] values) {
        List<T> list = new ArrayList<>(List.of(values));
        Collections.shuffle(list, new Random(random.nextLong()));
        return list;
    }
}
