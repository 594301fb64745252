package org.relayfs.fuse;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.relayfs.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a mount and its relay when the JVM ends before the program has closed the mount. It is there before there is
/// anything to close: the signal may come while it is being mounted.
final class ExitHook {
    private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Relay relay;
    private final CompletableFuture<RelayMount> mounting = new CompletableFuture<>();
    private final Thread hook = new Thread(this::closeInTime, "relayfs-exit");

    private ExitHook(Relay relay) {
        this.relay = relay;
    }

    /// {@return a hook that the JVM knows}
    ///
    /// @param relay  to close, too
    /// @param wanted false: the JVM is not told after all
    static ExitHook of(Relay relay, boolean wanted) {
        ExitHook made = new ExitHook(relay);
        if (wanted) {
            Runtime.getRuntime().addShutdownHook(made.hook);
        }
        return made;
    }

    /// There is something to close.
    void mounted(RelayMount mount) {
        mounting.complete(mount);
    }

    /// There is nothing to close, or no more.
    void disarm() {
        mounting.cancel(false);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    /// The JVM waits for its hooks for ever, so the hook does not.
    private void closeInTime() {
        Thread closer = Thread.ofPlatform().daemon().name("relayfs-close").start(this::close);
        try {
            if (!closer.join(PATIENCE)) {
                LOG.error("the mount did not close within {} s; exiting anyway", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        try (relay) {
            mounting.join().close();
        } catch (CancellationException e) {
            // It was never mounted.
        }
    }
}
