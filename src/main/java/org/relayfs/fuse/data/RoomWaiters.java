package org.relayfs.fuse.data;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.ring.RingBuffer;

/// Those who wait for room in a relay file: waiting writes, and pollers that may write. Apart from [Waiters], because
/// an edge-triggered poller that only reads would take room for news.
///
/// Any session thread and the notifier may call. [#run] is called by whoever consumes, and only asks the notifier to
/// call [#accept].
final class RoomWaiters implements Runnable, Consumer<ThreadTools> {
    private final RingBuffer buffer;
    private final PollNotifier notifier;
    private final WriteQueue writes;
    private final Pollers pollers = new Pollers();
    private final AtomicBoolean queued = new AtomicBoolean();

    /// @param buffer   of the file
    /// @param notifier calls [#accept] when there may be room
    /// @param writes   to the file
    RoomWaiters(RingBuffer buffer, PollNotifier notifier, WriteQueue writes) {
        this.buffer = buffer;
        this.notifier = notifier;
        this.writes = writes;
    }

    /// Asks the notifier to tell all who wait; once, however often this is called.
    @Override
    public void run() {
        if (queued.compareAndSet(false, true)) {
            try {
                notifier.enqueue(this);
            } catch (Error e) {
                queued.set(false); // or nobody would be told ever again
                throw e;
            }
        }
    }

    /// The notifier calls, when something was consumed or at the end: writes first, so that who has waited longest
    /// gets the room.
    @Override
    public void accept(ThreadTools tools) {
        queued.set(false); // what is consumed from here on queues this again
        writes.serve(tools);
        pollers.wakeAll();
    }

    /// Asks that those who wait on an open file be woken when there may be room. Test for room afterwards.
    ///
    /// @param handle of the open file
    /// @param poller those who wait on it
    void addPoller(long handle, Poller poller) {
        pollers.add(handle, poller);
        buffer.armRoom();
    }

    /// An open file is closed.
    ///
    /// @param handle of it
    void removePoller(long handle) {
        pollers.remove(handle);
    }

    /// {@return the writes that wait}
    WriteQueue writes() {
        return writes;
    }

    @Override
    public String toString() {
        return "writers of the relay file of CPU " + buffer.cpu();
    }
}
