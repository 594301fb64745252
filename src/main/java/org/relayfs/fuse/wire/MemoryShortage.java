package org.relayfs.fuse.wire;

import java.util.concurrent.locks.LockSupport;

/// The patience of those who have to do something whether there is memory for it or not: others give some back, and
/// then it works.
public final class MemoryShortage {
    private static final int MAX_ATTEMPTS = 1000;
    private static final long PAUSE_NS = 10_000_000;

    private MemoryShortage() {}

    /// Waits a little, for ten seconds in all.
    ///
    /// @param attempt the one that has failed, from 1 upwards
    /// @param error   why
    /// @throws OutOfMemoryError that, after the last attempt
    public static void await(int attempt, OutOfMemoryError error) {
        if (attempt >= MAX_ATTEMPTS) {
            throw error;
        }
        LockSupport.parkNanos(PAUSE_NS);
    }
}
