package org.relayfs.fuse.wire;

import java.util.concurrent.locks.LockSupport;

/// The patience of those who have to do something whether there is memory for it or not: others give some back, and
/// then it works.
public final class MemoryShortage {
    /// To be given to the first [#await].
    public static final long NOT_YET = 0;

    private static final long LIMIT_NS = 10_000_000_000L;
    private static final long PAUSE_NS = 10_000_000;

    private MemoryShortage() {}

    /// Waits a little, unless it is ten seconds since the first time. They are not counted by attempts: each may take
    /// as long as a collection of the whole heap.
    ///
    /// @param since what the last call for this has returned, or [#NOT_YET]
    /// @param error why
    /// @return to be given to the next call
    /// @throws OutOfMemoryError that, when time is up
    public static long await(long since, OutOfMemoryError error) {
        long now = System.nanoTime() | 1; // never NOT_YET
        if (since != NOT_YET && now - since > LIMIT_NS) {
            throw error;
        }
        LockSupport.parkNanos(PAUSE_NS);
        return since == NOT_YET ? now : since;
    }
}
