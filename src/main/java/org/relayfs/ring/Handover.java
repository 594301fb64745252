package org.relayfs.ring;

import java.util.function.Supplier;

/// What becomes of a buffer when its channel is resized: where its writers go, and who wants to know of its end. Any
/// thread.
final class Handover {
    /// No result of a write: the buffer takes no records any more, but another one does.
    static final int MOVED = -102;

    private volatile Supplier<RingBuffer> finder;
    private Runnable action = () -> {};

    /// @param finder finds the buffer that takes the records; called when this one was found closed. Never the next but
    ///               one before the next is closed, too
    Handover(Supplier<RingBuffer> finder) {
        this.finder = finder;
    }

    /// In an attached process.
    void follow(Supplier<RingBuffer> otherFinder) {
        finder = otherFinder;
    }

    /// {@return the buffer that takes the records, for whoever was told that this one does not; null: there is none}
    RingBuffer successor() {
        return finder.get();
    }

    synchronized void whenPassed(Runnable passed) {
        action = passed;
    }

    /// The old buffer was read to its end.
    void passed() {
        Runnable once;
        synchronized (this) {
            once = action;
            action = () -> {};
        }
        once.run();
    }
}
