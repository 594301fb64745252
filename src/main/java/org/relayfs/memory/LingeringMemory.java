package org.relayfs.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Memory of files that are removed and still mapped. It comes back when the garbage collector finds that nobody can
/// use it any more, and a program that makes little garbage would wait for that until the tmpfs is full. So the
/// collector is asked when much of it has gathered. Thread-safe.
final class LingeringMemory {
    /// So much may gather before the collector is asked.
    private static final long LIMIT = 256L << 20;

    private static final long PATIENCE_NS = 200_000_000;
    private static final long PAUSE_NS = 1_000_000;
    private static final AtomicLong BYTES = new AtomicLong();

    /// What no collection frees: somebody has it open. Guarded by the class.
    private static long held;

    private LingeringMemory() {}

    /// One mapping's share in it. Must not lead to the mapping.
    static final class Share {
        private final long length;
        private final AtomicBoolean counted = new AtomicBoolean();

        Share(long length) {
            this.length = length;
        }

        /// The file is removed. Harmless when it is called again.
        void removed() {
            if (counted.compareAndSet(false, true)) {
                BYTES.addAndGet(length);
            }
        }

        /// The mapping is gone.
        void unmapped() {
            if (counted.getAndSet(true)) {
                BYTES.addAndGet(-length);
            }
        }
    }

    /// Before memory is taken.
    static void keepSmall() {
        if (BYTES.get() > LIMIT) {
            collectIfMuch();
        }
    }

    private static synchronized void collectIfMuch() {
        if (BYTES.get() > held + LIMIT) {
            collect();
        }
    }

    /// When there is no memory left.
    ///
    /// @return true when some has come back
    static synchronized boolean collect() {
        long before = BYTES.get();
        if (before == 0) {
            return false;
        }
        System.gc();
        // It is unmapped by another thread, soon after.
        long end = System.nanoTime() + PATIENCE_NS;
        while (BYTES.get() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        held = BYTES.get();
        return held < before;
    }
}
