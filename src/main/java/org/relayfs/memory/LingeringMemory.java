package org.relayfs.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The memory of removed files that are still mapped. It is freed when the garbage collector finds it unreachable,
/// and in a program that makes little garbage the tmpfs could fill up before. So the collector is asked to run
/// when much of it has accumulated. Thread-safe.
final class LingeringMemory {
    /// How much may accumulate before the collector is asked.
    private static final long LIMIT = 256L << 20;

    private static final long PATIENCE_NS = 1_000_000_000;
    private static final long PAUSE_NS = 1_000_000;
    private static final AtomicLong BYTES = new AtomicLong();

    /// Memory that the last collection has not freed: somebody has it open, or it is unmapped later than awaited.
    private static final AtomicLong HELD = new AtomicLong();

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
            MappingLimit.unmapped();
            if (counted.getAndSet(true)) {
                HELD.accumulateAndGet(BYTES.addAndGet(-length), Math::min);
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
        if (BYTES.get() > HELD.get() + LIMIT) {
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
        HELD.set(BYTES.get());
        return HELD.get() < before;
    }
}
