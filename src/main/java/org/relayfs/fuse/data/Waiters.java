package org.relayfs.fuse.data;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.ring.DeliveryListener;
import org.relayfs.ring.RingBuffer;

/// Those who wait for a relay file, and the way in which a delivery reaches them: pollers, mappings of cached
/// pages, waiting reads.
///
/// Any session thread and the notifier may call. [#onDelivery] is called by writers: if a single poller is all
/// that waits, they wake it themselves, which costs as much as waking the notifier and saves the client a context
/// switch; otherwise they ask the notifier to call [#accept].
final class Waiters implements DeliveryListener, Consumer<ThreadTools> {
    private final RingBuffer buffer;
    private final PollNotifier notifier;
    private final CachedPages pages;
    private final ReadQueue reads;
    private final Pollers pollers = new Pollers();
    private final AtomicBoolean queued = new AtomicBoolean();

    /// @param buffer       of the file
    /// @param notifier     calls [#accept] after a delivery
    /// @param waiting      finds the reads that are interrupted
    /// @param pages        of the file
    Waiters(RingBuffer buffer, PollNotifier notifier, WaitingRequests waiting, CachedPages pages) {
        this.buffer = buffer;
        this.notifier = notifier;
        this.pages = pages;
        this.reads = new ReadQueue(buffer, waiting);
    }

    @Override
    public void onDelivery(RingBuffer delivered) {
        if (pages.areUsed() || reads.areWaiting()) {
            enqueue();
            return;
        }
        pollers.wakeFirst();
        if (pollers.hasOthers()) {
            enqueue();
        }
    }

    /// Asks the notifier to notify all who wait; once, however often this is called.
    void enqueue() {
        if (queued.compareAndSet(false, true)) {
            try {
                notifier.enqueue(this);
            } catch (Error e) {
                queued.set(false); // or nobody would be told ever again
                throw e;
            }
        }
    }

    /// The notifier calls, after a delivery or at the end: renews mappings, wakes pollers, answers waiting reads,
    /// in this order.
    @Override
    public void accept(ThreadTools tools) {
        queued.set(false); // what is delivered from here on queues this again
        if (pages.areUsed()) {
            buffer.armWakeup();
            pages.renew(tools.replies());
        }
        pollers.wakeAll();
        reads.serve(tools);
    }

    /// Asks that those who wait on an open file be woken at the next delivery. Test for data afterwards.
    ///
    /// @param handle of the open file
    /// @param poller those who wait on it
    void addPoller(long handle, Poller poller) {
        pollers.add(handle, poller);
        buffer.armWakeup();
    }

    /// An open file is closed.
    ///
    /// @param handle of it
    void removePoller(long handle) {
        pollers.remove(handle);
    }

    /// {@return the reads that wait}
    ReadQueue reads() {
        return reads;
    }

    @Override
    public String toString() {
        return "relay file of CPU " + buffer.cpu();
    }
}
