package org.relayfs.logging.jul;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.relayfs.event.Level;
import org.relayfs.logging.LogEntry;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.LogWriter;

/// Writes the records of `java.util.logging` into a channel. Its settings are properties of the LogManager, named by
/// the class and one of [LogSettings#NAMES], and `level`:
///
/// ```
/// handlers = org.relayfs.logging.jul.RelayfsHandler
/// org.relayfs.logging.jul.RelayfsHandler.path = /mnt/relay/app
/// ```
///
/// A setting that is none makes the constructor throw; the LogManager tells of it on standard error and goes on without
/// the handler.
///
/// The message is what [java.util.logging.Formatter#formatMessage(LogRecord)] of the handler's formatter says; the rest
/// of
/// a line that it would make is not used. The default knows the parameters and resource bundles of `java.util.logging`.
/// Any thread.
@SuppressWarnings("exports") // Whoever uses it requires the framework.
public final class RelayfsHandler extends Handler {
    private final LogWriter writer;
    private volatile boolean closed;

    /// Makes a handler as the LogManager's configuration says.
    ///
    /// @throws IllegalArgumentException a setting is none
    /// @throws IllegalStateException the channel holds records, not events
    /// @throws IOException the channel cannot be opened or made
    public RelayfsHandler() throws IOException {
        this(LogSettings.of(properties()));
        String level = property("level");
        if (level != null) {
            setLevel(java.util.logging.Level.parse(level.strip()));
        }
    }

    /// Makes a handler.
    ///
    /// @param settings of it
    /// @throws IllegalStateException the channel holds records, not events
    /// @throws IOException the channel cannot be opened or made
    public RelayfsHandler(LogSettings settings) throws IOException {
        writer = LogWriter.open(settings);
        setFormatter(new SimpleFormatter());
    }

    private static Map<String, String> properties() {
        Map<String, String> values = new HashMap<>();
        for (String name : LogSettings.NAMES) {
            values.put(name, property(name));
        }
        return values;
    }

    private static String property(String name) {
        return LogManager.getLogManager().getProperty(RelayfsHandler.class.getName() + "." + name);
    }

    @Override
    public void publish(LogRecord logged) {
        if (closed || !isLoggable(logged)) {
            return;
        }
        try {
            write(logged);
        } catch (RuntimeException e) {
            reportError(null, e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void write(LogRecord logged) {
        LogEntry entry = writer.begin(level(logged.getLevel().intValue()));
        if (entry == null) {
            return;
        }
        try {
            long thread = logged.getLongThreadID();
            Thread caller = Thread.currentThread();
            int result = entry.message(getFormatter().formatMessage(logged))
                    .logger(logged.getLoggerName())
                    .level(logged.getLevel().getName())
                    .thread(thread, caller.threadId() == thread ? caller.getName() : null)
                    .throwable(logged.getThrown())
                    .write();
            if (writer.isFirstLoss(result)) {
                reportError(
                        "a record was lost: result=" + result + "; the channel counts them",
                        null,
                        ErrorManager.WRITE_FAILURE);
            }
        } finally {
            entry.close();
        }
    }

    private static Level level(int value) {
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        if (value >= java.util.logging.Level.INFO.intValue()) {
            return Level.INFO;
        }
        return value >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
    }

    /// Does nothing: what was published is in the channel.
    @Override
    public void flush() {}

    /// Takes no more records. The channel stays.
    @Override
    public void close() {
        closed = true;
    }
}
