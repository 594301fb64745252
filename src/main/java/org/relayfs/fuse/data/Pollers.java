package org.relayfs.fuse.data;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.relayfs.fuse.wire.Poller;

/// The pollers of a relay file that are to be woken at the next delivery, once. The first of them is kept apart,
/// where a writer can take it without a lock.
final class Pollers {
    private final AtomicReference<Entry> first = new AtomicReference<>();
    /// By the handle of the open file. Guarded by this.
    private final Map<Long, Poller> others = new HashMap<>();

    private volatile boolean hasOthers;

    private record Entry(long handle, Poller poller) {}

    /// @param handle of the open file
    /// @param poller those who wait on it
    synchronized void add(long handle, Poller poller) {
        Entry present = first.get();
        boolean isFirst = present != null && present.handle() == handle
                || present == null && first.compareAndSet(null, new Entry(handle, poller));
        if (!isFirst) {
            others.put(handle, poller);
            hasOthers = true;
        }
    }

    /// @param handle of an open file that is closed
    synchronized void remove(long handle) {
        Entry present = first.get();
        if (present != null && present.handle() == handle) {
            first.compareAndSet(present, null);
        }
        others.remove(handle);
        hasOthers = !others.isEmpty();
    }

    /// @return true when taking the first is not enough
    boolean hasOthers() {
        return hasOthers;
    }

    /// Takes the first and wakes it. Wait-free.
    void wakeFirst() {
        Entry taken = first.getAndSet(null);
        if (taken != null) {
            taken.poller().wake();
        }
    }

    /// Takes all and wakes them.
    void wakeAll() {
        wakeFirst();
        if (hasOthers) {
            wakeOthers();
        }
    }

    /// A wake-up does not block, and so many need no memory to be gathered in.
    private synchronized void wakeOthers() {
        others.values().forEach(Poller::wake);
        others.clear();
        hasOthers = false;
    }
}
