package org.relayfs.tree.handler;

/// What makes a file the program's own: a queue for its handlers, and changes to tell of. Thread-safe.
public final class HandledFile {
    private final HandlerThreads threads;
    private final Runnable whenRemoved;
    private final HandlerQueue calls;
    private final Changes changes = new Changes();
    private volatile boolean removed;

    /// @param threads     in which its handlers run
    /// @param failures    are told of handlers that hang
    /// @param whenRemoved is called once; waits for nothing
    public HandledFile(HandlerThreads threads, HandlerFailures failures, Runnable whenRemoved) {
        this.threads = threads;
        this.whenRemoved = whenRemoved;
        this.calls = new HandlerQueue(threads, failures);
        threads.add(this);
    }

    /// {@return the calls of its handlers}
    public HandlerQueue calls() {
        return calls;
    }

    /// {@return its changes}
    public Changes changes() {
        return changes;
    }

    /// {@return true when its name is gone}
    public boolean isRemoved() {
        return removed;
    }

    /// Its content is another one: wakes pollers.
    public void change() {
        changes.happened();
    }

    /// Its name is gone. Whoever waits is told soon, by another thread: the caller may hold locks. Harmless
    /// when repeated.
    public synchronized void remove() {
        if (!removed) {
            removed = true;
            whenRemoved.run();
            threads.soon(this::end);
        }
    }

    private void end() {
        threads.forget(this);
        calls.end();
        changes.end();
    }

    /// The mount is gone.
    void abandon() {
        calls.abandon();
        changes.end();
    }
}
