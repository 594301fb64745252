package org.relayfs.jfr;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import org.relayfs.EventBuilder;
import org.relayfs.EventLog;
import org.relayfs.Events;
import org.relayfs.event.EventType;
import org.relayfs.event.EventTypeBuilder;

/// A type of JFR and the one of the channel that its events become. One thread.
final class JfrType {
    private static final int MAX_NAME = 127;

    private final EventLog log;
    private final List<JfrColumn> columns;

    private JfrType(EventLog log, List<JfrColumn> columns) {
        this.log = log;
        this.columns = columns;
    }

    static JfrType register(Events events, jdk.jfr.EventType type) throws IOException {
        List<JfrColumn> columns = JfrColumn.of(type.getFields());
        return new JfrType(events.register(typeOf(type.getName(), columns)), columns);
    }

    static EventType typeOf(String jfrName, List<JfrColumn> columns) {
        EventTypeBuilder builder = EventType.named(name(jfrName));
        for (JfrColumn column : columns) {
            builder.field(column.name(), column.kind());
        }
        return builder.build();
    }

    private static String name(String jfrName) {
        String name = jfrName.replaceAll("[^A-Za-z0-9_.:/$-]", "_");
        return name.substring(0, Math.min(MAX_NAME, name.length()));
    }

    /// {@return what a write returns}
    ///
    /// @param patienceNs to wait at most while the channel is full
    int log(RecordedEvent event, long patienceNs) throws InterruptedException {
        EventBuilder builder = log.begin();
        boolean whole = false;
        try {
            for (JfrColumn column : columns) {
                column.put(event, builder);
            }
            whole = true;
        } finally {
            if (!whole) {
                builder.cancel();
            }
        }
        return builder.commit(patienceNs, TimeUnit.NANOSECONDS);
    }
}
