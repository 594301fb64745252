package org.relayfs.fuse.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.linux.ErrnoException;

/// The waiting reads and writes of a mount, by request, so that an INTERRUPT, which names only a request, finds the one
/// it means.
///
/// An INTERRUPT may be read by one thread before another has parked the read it is for. So numbers that were not
/// found are remembered for a while: [#add] and [#interrupt] each write their own side first and then look at the
/// other's.
final class WaitingRequests {
    private static final int REMEMBERED = 1024;

    private final Map<Long, WaitingQueue> queues = new ConcurrentHashMap<>();
    private final KeptBytes kept = new KeptBytes();
    /// Guarded by itself; a leaf: nothing else is locked meanwhile.
    private final long[] interrupted = new long[REMEMBERED];

    private int next;
    private volatile boolean ended;

    /// @param unique number of a request that is about to wait
    /// @param queue  where it waits
    /// @return false when it has been interrupted already
    boolean add(long unique, WaitingQueue queue) {
        queues.put(unique, queue);
        synchronized (interrupted) {
            for (long number : interrupted) {
                if (number == unique) {
                    return false;
                }
            }
        }
        return true;
    }

    void remove(long unique) {
        queues.remove(unique);
    }

    /// @param unique number of an interrupted request
    /// @return where it waits, or null: it does not (any more, or not yet)
    WaitingQueue interrupt(long unique) {
        synchronized (interrupted) {
            interrupted[next] = unique;
            next = (next + 1) % REMEMBERED;
        }
        return queues.get(unique);
    }

    /// The record of a write that is about to wait has to be kept.
    ///
    /// @param user   who writes
    /// @param length of the record
    /// @throws ErrnoException ENOMEM
    void keep(int user, int length) throws ErrnoException {
        kept.take(user, length);
    }

    /// It was logged, or refused.
    ///
    /// @param user   who writes
    /// @param length of the record
    void release(int user, int length) {
        kept.giveBack(user, length);
    }

    /// The mount ends: nobody is to wait any more.
    void end() {
        ended = true;
    }

    boolean haveEnded() {
        return ended;
    }

    /// {@return how many wait in queues of one kind}
    ///
    /// @param kind of queue
    int count(Class<? extends WaitingQueue> kind) {
        return (int) queues.values().stream().filter(kind::isInstance).count();
    }
}
