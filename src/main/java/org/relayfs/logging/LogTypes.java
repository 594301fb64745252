package org.relayfs.logging;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;

/// The family of event types that loggers write: `log.trace` to `log.error`, all with the same fields.
public final class LogTypes {
    private static final Map<Level, EventType> TYPES =
            new EnumMap<>(Arrays.stream(Level.values()).collect(Collectors.toMap(Function.identity(), LogTypes::make)));

    private LogTypes() {}

    /// {@return the type of a level}
    ///
    /// @param level of the record
    public static EventType of(Level level) {
        return TYPES.get(level);
    }

    private static EventType make(Level level) {
        return EventType.named("log." + level.name().toLowerCase(Locale.ROOT))
                .level(level)
                .field("message", FieldKind.STRING)
                .field("logger", FieldKind.STRING)
                .field("level", FieldKind.STRING)
                .field("thread_id", FieldKind.I64)
                .field("thread_name", FieldKind.STRING)
                .field("context", FieldKind.STRING)
                .field("markers", FieldKind.STRING)
                .field("throwable", FieldKind.STRING)
                .field("throwable_message", FieldKind.STRING)
                .field("stack", FieldKind.STRING)
                .build();
    }
}
