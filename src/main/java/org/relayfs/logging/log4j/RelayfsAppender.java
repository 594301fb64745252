package org.relayfs.logging.log4j;

import java.io.IOException;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.spi.StandardLevel;
import org.apache.logging.log4j.util.StringBuilderFormattable;
import org.apache.logging.log4j.util.TriConsumer;
import org.relayfs.event.Level;
import org.relayfs.logging.LogEntry;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.LogWriter;

/// Writes Log4j's events into a channel:
///
/// ```xml
/// <Appenders>
///   <Relayfs name="RELAYFS" path="/mnt/relay/app" whenFull="block(5s)"/>
/// </Appenders>
/// ```
///
/// Its settings are those of [LogSettings]. One that is none is an error of Log4j's status logger, and there is no such
/// appender. Any thread.
@SuppressWarnings("exports") // Whoever uses it requires the framework.
@Plugin(name = "Relayfs", category = Core.CATEGORY_NAME, elementType = Appender.ELEMENT_TYPE, printObject = true)
public final class RelayfsAppender extends AbstractAppender {
    private static final TriConsumer<String, Object, LogEntry> ADD =
            (key, value, entry) -> entry.context(key, value == null ? null : value.toString());

    private final LogWriter writer;

    RelayfsAppender(String name, Filter filter, boolean ignoreExceptions, Property[] properties, LogWriter writer) {
        super(name, filter, null, ignoreExceptions, properties);
        this.writer = writer;
    }

    /// {@return takes the attributes of a `Relayfs` element}
    @PluginBuilderFactory
    public static RelayfsAppenderBuilder newBuilder() {
        return new RelayfsAppenderBuilder();
    }

    /// Makes an appender for a program that configures Log4j itself.
    ///
    /// @param name     of the appender
    /// @param settings of it
    /// @return the appender, not started
    /// @throws IllegalStateException the channel holds records, not events
    /// @throws IOException the channel cannot be opened or made
    public static RelayfsAppender of(String name, LogSettings settings) throws IOException {
        return new RelayfsAppender(name, null, true, Property.EMPTY_ARRAY, LogWriter.open(settings));
    }

    @Override
    public void append(LogEvent event) {
        try {
            write(event);
        } catch (RuntimeException e) {
            // Once in a while only, as Log4j's own appenders do.
            getHandler().error("appender " + getName() + ": an event was not written", event, e);
        }
    }

    private void write(LogEvent event) {
        LogEntry entry = writer.begin(level(event.getLevel().intLevel()));
        if (entry == null) {
            return;
        }
        try {
            Message message = event.getMessage();
            if (message instanceof StringBuilderFormattable text) {
                text.formatTo(entry.messageText());
            } else if (message != null) {
                entry.message(message.getFormattedMessage());
            }
            entry.logger(event.getLoggerName())
                    .level(event.getLevel().name())
                    .thread(event.getThreadId(), event.getThreadName())
                    .throwable(event.getThrown());
            event.getContextData().forEach(ADD, entry);
            if (event.getMarker() != null) {
                addMarker(entry, event.getMarker());
            }
            int result = entry.write();
            if (writer.isFirstLoss(result)) {
                LOGGER.warn("appender {}: an event was lost: result={}; the channel counts them", getName(), result);
            }
        } finally {
            entry.close();
        }
    }

    private static void addMarker(LogEntry entry, Marker marker) {
        entry.marker(marker.getName());
        if (marker.hasParents()) {
            for (Marker parent : marker.getParents()) {
                addMarker(entry, parent);
            }
        }
    }

    // Their numbers grow as importance falls.
    private static Level level(int value) {
        if (value <= StandardLevel.ERROR.intLevel()) {
            return Level.ERROR;
        }
        if (value <= StandardLevel.WARN.intLevel()) {
            return Level.WARN;
        }
        if (value <= StandardLevel.INFO.intLevel()) {
            return Level.INFO;
        }
        return value <= StandardLevel.DEBUG.intLevel() ? Level.DEBUG : Level.TRACE;
    }
}
