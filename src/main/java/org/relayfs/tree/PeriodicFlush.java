package org.relayfs.tree;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.relayfs.RelayChannel;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The flush interval of one channel directory: what its file `flush_interval_ms` says.
final class PeriodicFlush {
    static final long MAX_INTERVAL_MS = 86_400_000;

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicFlush.class);

    private final FlushTimer timer;
    private final ChannelSlot slot;

    /// Held while it flushes. Nobody who holds this object's monitor waits for it.
    private final ReentrantLock flushing = new ReentrantLock();

    /// The three below are guarded by this object's monitor; the second is read without it.
    private long intervalMs;

    private volatile Future<?> repetition;
    private boolean stopped;

    PeriodicFlush(FlushTimer timer, ChannelSlot slot) {
        this.timer = timer;
        this.slot = slot;
    }

    synchronized long intervalMs() {
        return intervalMs;
    }

    /// @param wantedMs 0 for never
    @SuppressWarnings("LockNotBeforeTry") // nothing is done under the lock
    void setIntervalMs(long wantedMs) throws ErrnoException {
        schedule(wantedMs);
        // A flush that the old interval has begun ends before the write that changed the interval.
        flushing.lock();
        flushing.unlock();
    }

    private synchronized void schedule(long wantedMs) throws ErrnoException {
        cancel();
        intervalMs = wantedMs;
        if (wantedMs == 0 || stopped) {
            return;
        }
        try {
            repetition = timer.every(wantedMs, this::flush);
        } catch (RejectedExecutionException closed) {
            throw new ErrnoException(Errno.ESHUTDOWN, "flush_interval_ms: the file system is being unmounted");
        }
    }

    /// For good: the directory is gone.
    synchronized void stop() {
        stopped = true;
        cancel();
    }

    private void cancel() {
        if (repetition != null) {
            repetition.cancel(false);
            repetition = null;
        }
    }

    private void flush() {
        flushing.lock();
        try {
            ChannelLife life = slot.life();
            // Null: a run that had begun when the interval was ended.
            if (life != null && repetition != null) {
                flush(life.channel());
            }
        } catch (OutOfMemoryError e) {
            // Memory may be available again later, and the executor would not repeat a failed task.
        } finally {
            flushing.unlock();
        }
    }

    /// Only sub-buffers that hold data: closing an empty one takes up a slot and wakes readers for nothing.
    private static void flush(RelayChannel channel) {
        try {
            RingBuffer.of(channel.buffers()).stream()
                    .filter(RingBuffer::hasOpenBytes)
                    .forEach(RingBuffer::flush);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error unexpected) {
            LOG.warn("channel {}: the periodic flush failed and will be tried again", channel.name(), unexpected);
        }
    }
}
