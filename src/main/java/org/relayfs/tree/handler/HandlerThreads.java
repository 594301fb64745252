package org.relayfs.tree.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads in which handlers run, and the one that ends the waiting for them. There are none while
/// nothing is asked, and none keeps the JVM running. They are threads of the system, because a handler that
/// never stops computing would keep a virtual thread's carrier from all others.
public final class HandlerThreads implements AutoCloseable {
    /// One for each file whose handler runs: only handlers that hang can be so many.
    private static final int MOST = 512;

    private static final long IDLE_S = 10;

    private final long waitMs;
    private final Set<HandledFile> files = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor handlers = new ThreadPoolExecutor(
            0,
            MOST,
            IDLE_S,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("relayfs-handler-", 0).factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("relayfs-handler-timer").factory());

    /// @param waitMs how long anybody waits for a handler, in milliseconds
    public HandlerThreads(long waitMs) {
        this.waitMs = waitMs;
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(IDLE_S, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    void add(HandledFile file) {
        files.add(file);
    }

    void forget(HandledFile file) {
        files.remove(file);
    }

    long waitMs() {
        return waitMs;
    }

    /// @throws RejectedExecutionException all are busy, or the mount has ended
    void run(Runnable work) {
        handlers.execute(work);
    }

    /// @return the appointment, or null when the mount has ended or there is no memory for one
    Future<?> afterTheWait(Runnable work) {
        try {
            return timer.schedule(work, waitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            return null;
        }
    }

    /// Has something done that must not be done under the caller's locks. When the mount has ended, it is
    /// done.
    void soon(Runnable work) {
        try {
            timer.execute(work);
        } catch (RejectedExecutionException ended) {
            // All files have ended.
        } catch (OutOfMemoryError none) {
            work.run(); // it waits for nothing
        }
    }

    /// The mount ends: nobody waits any more, and nothing new begins. Handlers that run are interrupted, and
    /// not waited for. Harmless when repeated.
    @Override
    public void close() {
        handlers.shutdownNow();
        timer.shutdownNow();
        files.forEach(HandledFile::abandon);
    }
}
