package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.EnumSet;

/// Threads that are to wait for others.
public final class Waiting {
    private static final EnumSet<Thread.State> STOPPED =
            EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    private Waiting() {}

    /// Waits until a thread waits, and fails when it ends instead.
    ///
    /// @param thread that is to wait
    public static void assertWaits(Thread thread) {
        await().atMost(Duration.ofSeconds(20)).until(() -> STOPPED.contains(thread.getState()));
        assertThat(thread.getState()).as("ended, instead of waiting").isNotEqualTo(Thread.State.TERMINATED);
    }
}
