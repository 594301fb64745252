package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.relayfs.testing.Client;

/// Random moments, and how long things may take.
final class Pace {
    private static final long LIMIT_MS = Long.getLong("relayfs.kill.limit", 20_000);
    private static final int MAX_PAUSE_MS = 200;

    private final SplittableRandom random;
    private long longestMs;
    private String longest = "nothing";

    Pace(SplittableRandom random) {
        this.random = random;
    }

    void pause() throws InterruptedException {
        Thread.sleep(random.nextInt(MAX_PAUSE_MS));
    }

    /// Waits for the end of a process, which must not hang.
    ///
    /// @return its exit code
    int end(String whose, Client process) throws Exception {
        return soon("end of " + whose, process::awaitEnd);
    }

    /// Does something that must not hang.
    <T> T soon(String what, Callable<T> action) throws Exception {
        long start = System.nanoTime();
        T result = action.call();
        long tookMs = (System.nanoTime() - start) / 1_000_000;
        assertThat(tookMs).as("ms until %s", what).isLessThan(LIMIT_MS);
        if (tookMs > longestMs) {
            longestMs = tookMs;
            longest = what;
        }
        return result;
    }

    @Override
    public String toString() {
        return "longest: " + longest + ", " + longestMs + " ms";
    }
}
