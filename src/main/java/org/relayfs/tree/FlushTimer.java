package org.relayfs.tree;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One daemon thread for all flush intervals of a tree; it starts with the first of them.
final class FlushTimer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "relayfs-flush");
        thread.setDaemon(true);
        return thread;
    });

    FlushTimer() {
        executor.setRemoveOnCancelPolicy(true);
    }

    /// @return cancels the repetition
    Future<?> every(long intervalMs, Runnable flush) {
        return executor.scheduleWithFixedDelay(flush, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    /// After this no interval runs, and asking for one is refused.
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
