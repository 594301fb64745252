package org.relayfs.trigger;

/// The handler of what leaves threads: takes a snapshot, and then does what would have been done
/// without it.
final class UncaughtTrigger implements Thread.UncaughtExceptionHandler, AutoCloseable {
    private final SnapshotTriggers triggers;
    private final boolean all;
    private final Thread.UncaughtExceptionHandler earlier;
    private volatile boolean closed;

    /// @param all false: only an error for want of memory
    UncaughtTrigger(SnapshotTriggers triggers, boolean all) {
        this.triggers = triggers;
        this.all = all;
        this.earlier = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(this);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        boolean outOfMemory = thrown instanceof OutOfMemoryError;
        try {
            if (!closed && outOfMemory) {
                triggers.releaseReserve();
            }
            if (!closed && (outOfMemory || all)) {
                boolean ignored = triggers.await(outOfMemory ? "memory" : "exception");
            }
        } catch (InterruptedException e) {
            thread.interrupt();
        } finally {
            passOn(thread, thrown);
        }
    }

    private void passOn(Thread thread, Throwable thrown) {
        if (earlier != null) {
            earlier.uncaughtException(thread, thrown);
        } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace(System.err);
        }
    }

    /// A handler that was set after this one goes on to call it, if it wants to: then it only passes
    /// on.
    @Override
    public void close() {
        closed = true;
        if (Thread.getDefaultUncaughtExceptionHandler() == this) {
            Thread.setDefaultUncaughtExceptionHandler(earlier);
        }
    }
}
