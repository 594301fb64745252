package org.relayfs.tree.handler;

import java.util.HashMap;
import java.util.Map;

/// The changes that a file tells its pollers of: a count, and those to wake at the next change. Any thread
/// may call.
public final class Changes {
    /// Guarded by this.
    private final Map<Object, Runnable> watchers = new HashMap<>();

    private volatile int count;
    private volatile boolean ended;

    /// {@return how many there were; look at it before the content is made}
    public int count() {
        return count;
    }

    /// {@return true when the file is gone, and with it every further change}
    public boolean haveEnded() {
        return ended;
    }

    /// Asks to be woken at the next change, once. Look at the count afterwards.
    ///
    /// @param key   replaces what was asked under the same key
    /// @param waker does not wait
    public synchronized void watch(Object key, Runnable waker) {
        watchers.put(key, waker);
    }

    /// @param key is not to be woken
    public synchronized void unwatch(Object key) {
        watchers.remove(key);
    }

    /// There is a change.
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the monitor
    synchronized void happened() {
        count++;
        wake();
    }

    synchronized void end() {
        ended = true;
        wake();
    }

    private void wake() {
        watchers.values().forEach(Runnable::run);
        watchers.clear();
    }
}
