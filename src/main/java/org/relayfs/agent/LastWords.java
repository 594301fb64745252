package org.relayfs.agent;

/// Logs what nobody has caught, and hands it to whoever did so before.
final class LastWords implements Thread.UncaughtExceptionHandler {
    private final Target target;
    private final Thread.UncaughtExceptionHandler former;

    /// @param former handler of the program's, or null
    LastWords(Target target, Thread.UncaughtExceptionHandler former) {
        this.target = target;
        this.former = former;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        target.exception(thread, failure);
        if (former != null) {
            former.uncaughtException(thread, failure);
        } else {
            // What the JVM does when there is no handler.
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            failure.printStackTrace(System.err);
        }
    }
}
