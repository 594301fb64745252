package org.relayfs.ring;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A wait for room in a process that is attached: by a word in shared memory, at which the owner looks when it makes
/// room. Now and then it ends by itself, because nobody wakes who is interrupted, nor those of an owner that has died
/// after it had taken their mark away; whoever adopts the channel makes room again.
final class AttachedRoomWait implements RoomWait {
    private static final long MAX_SLEEP_MS = 100;
    private static final long PAUSE_NS = 2_000_000;

    private final Bell bell;
    private int armed;

    /// @param bell of the buffer
    AttachedRoomWait(Bell bell) {
        this.bell = bell;
    }

    @Override
    public void arm() {
        armed = bell.arm();
    }

    @Override
    public void await(long maxNs) {
        if (Thread.currentThread().isVirtual()) {
            // In the system call it would keep its carrier from everybody else.
            LockSupport.parkNanos(this, Math.min(PAUSE_NS, maxNs));
        } else {
            bell.await(armed, Math.min(MAX_SLEEP_MS, TimeUnit.NANOSECONDS.toMillis(maxNs) + 1));
        }
    }

    @Override
    public void close() {
        // Whoever is armed in vain costs the owner one system call.
    }
}
