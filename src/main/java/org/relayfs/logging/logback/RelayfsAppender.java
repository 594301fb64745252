package org.relayfs.logging.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.relayfs.event.Level;
import org.relayfs.logging.LogEntry;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.LogWriter;
import org.slf4j.Marker;

/// Writes Logback's events into a channel:
///
/// ```xml
/// <appender name="RELAYFS" class="org.relayfs.logging.logback.RelayfsAppender">
///   <path>/mnt/relay/app</path>
///   <whenFull>block(5s)</whenFull>
/// </appender>
/// ```
///
/// Its settings are those of [LogSettings]. One that is none is an error among Logback's status
/// messages, and the appender does not start. Any thread.
@SuppressWarnings("exports") // Whoever uses it requires the framework.
public final class RelayfsAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final Map<String, String> values = new HashMap<>();
    // Null: those that were set.
    private final LogSettings settings;
    private volatile LogWriter writer;

    /// Makes an appender without settings.
    public RelayfsAppender() {
        this(null);
    }

    private RelayfsAppender(LogSettings settings) {
        this.settings = settings;
    }

    /// Makes an appender for a program that configures Logback itself.
    ///
    /// @param settings of it
    /// @return the appender, not started
    public static RelayfsAppender of(LogSettings settings) {
        return new RelayfsAppender(Objects.requireNonNull(settings, "settings"));
    }

    /// Sets the name of a channel of this JVM.
    ///
    /// @param value see [LogSettings]
    public void setChannel(String value) {
        values.put("channel", value);
    }

    /// Sets the path of a channel on a mount.
    ///
    /// @param value see [LogSettings]
    public void setPath(String value) {
        values.put("path", value);
    }

    /// Sets the size of a sub-buffer.
    ///
    /// @param value bytes, or a number and K, M or G
    public void setSubbufSize(String value) {
        values.put("subbufSize", value);
    }

    /// Sets the number of sub-buffers. Takes a text, as the others: Logback would go on with the
    /// default when it is no number. Its name is the one that Logback looks for.
    ///
    /// @param value a number
    public void setnSubbufs(String value) {
        values.put("nSubbufs", value);
    }

    /// Sets the behaviour of a full buffer.
    ///
    /// @param value `no-overwrite` or `overwrite`
    public void setMode(String value) {
        values.put("mode", value);
    }

    /// Sets what becomes of a record for which there is no room.
    ///
    /// @param value `drop` or `block(TIME)`
    public void setWhenFull(String value) {
        values.put("whenFull", value);
    }

    @Override
    public void start() {
        try {
            writer = LogWriter.open(settings == null ? LogSettings.of(values) : settings);
            super.start();
        } catch (IOException | RuntimeException e) {
            addError("appender \"" + getName() + "\" is not started: " + e.getMessage(), e);
        }
    }

    /// Takes no more events. The channel stays.
    @Override
    public void stop() {
        LogWriter stopped = writer;
        if (isStarted() && stopped.lost() > 0) {
            addWarn("appender \"" + getName() + "\": " + stopped.lost() + " events were lost; the channel counts them");
        }
        super.stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        LogWriter to = writer;
        try {
            write(to, event);
        } catch (RuntimeException e) {
            addError("appender \"" + getName() + "\": an event was not written", e);
        }
    }

    private void write(LogWriter to, ILoggingEvent event) {
        LogEntry entry = to.begin(level(event.getLevel().toInt()));
        if (entry == null) {
            return;
        }
        try {
            entry.message(event.getFormattedMessage())
                    .logger(event.getLoggerName())
                    .level(event.getLevel().toString())
                    .thread(Thread.currentThread().threadId(), event.getThreadName());
            entry.context(event.getMDCPropertyMap());
            addMarkers(entry, event.getMarkerList());
            if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
                entry.throwable(proxy.getThrowable());
            }
            int result = entry.write();
            if (to.isFirstLoss(result)) {
                addWarn("appender \"" + getName() + "\": an event was lost: result=" + result
                        + "; the channel counts them");
            }
        } finally {
            entry.close();
        }
    }

    private static void addMarkers(LogEntry entry, List<Marker> markers) {
        if (markers != null) {
            for (Marker marker : markers) {
                entry.marker(marker.getName());
            }
        }
    }

    private static Level level(int value) {
        if (value >= ch.qos.logback.classic.Level.ERROR_INT) {
            return Level.ERROR;
        }
        if (value >= ch.qos.logback.classic.Level.WARN_INT) {
            return Level.WARN;
        }
        if (value >= ch.qos.logback.classic.Level.INFO_INT) {
            return Level.INFO;
        }
        return value >= ch.qos.logback.classic.Level.DEBUG_INT ? Level.DEBUG : Level.TRACE;
    }
}
