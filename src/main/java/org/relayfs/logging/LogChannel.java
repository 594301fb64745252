package org.relayfs.logging;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.relayfs.EventLog;
import org.relayfs.Events;
import org.relayfs.event.Level;

/// A channel as loggers use it: a log for each level, and another channel in its place when it is gone.
/// Any thread.
abstract class LogChannel {
    /// How often a thread looks whether the channel is there again.
    static final long LOOK_MS = 1000;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(LOOK_MS);

    /// The logs of a channel that was opened.
    record Logs(Events events, Map<Level, EventLog> byLevel) {
        static Logs of(Events events) throws IOException {
            Map<Level, EventLog> logs = new EnumMap<>(Level.class);
            for (Level level : Level.values()) {
                logs.put(level, events.register(LogTypes.of(level)));
            }
            return new Logs(events, logs);
        }
    }

    private volatile Logs logs;
    private volatile long lookedNs = System.nanoTime() - LOOK_NS;

    /// Opens it, for the first time or anew.
    ///
    /// @param closed true when the present one is known to be closed
    /// @return its logs, or null when nothing has changed
    abstract Logs open(boolean closed) throws IOException;

    final void start() throws IOException {
        logs = open(false);
    }

    final EventLog log(Level level) {
        return logs.byLevel().get(level);
    }

    final Events events() {
        return logs.events();
    }

    final int maxPayload() {
        return logs.events().maxPayload();
    }

    /// Looks for another channel in the place of one that takes nothing more. At most once a second, by
    /// one thread.
    ///
    /// @param closed true when it is closed; else it may be that nobody reads it any more
    /// @return true when there is one
    final boolean renew(boolean closed) {
        long now = System.nanoTime();
        return now - lookedNs >= LOOK_NS && renewAt(now, closed);
    }

    private synchronized boolean renewAt(long now, boolean closed) {
        if (now - lookedNs < LOOK_NS) {
            return false;
        }
        lookedNs = now;
        try {
            Logs anew = open(closed);
            if (anew == null) {
                return false;
            }
            logs = anew;
            return true;
        } catch (IOException | RuntimeException e) {
            return false; // the next second's record tries again
        }
    }
}
