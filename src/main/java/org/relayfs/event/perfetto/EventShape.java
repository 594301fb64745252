package org.relayfs.event.perfetto;

import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;

/// The way in which the events of a type are shown.
///
/// @param type     which, or null of one that is not known
/// @param kind     as what
/// @param name     under which name
/// @param category their level
record EventShape(EventType type, Kind kind, String name, String category) {
    static final String DURATION = "duration";

    private static final String VALUE = "value";
    private static final String BEGIN = ".begin";
    private static final String END = ".end";

    enum Kind {
        /// A moment in its thread.
        INSTANT,
        /// A moment that says itself what it is about.
        MESSAGE,
        /// The beginning of a slice, which lasts until the event of the same name with `.end`.
        BEGIN,
        END,
        /// A slice that ends with the event, and lasts as long as its field says.
        SPAN,
        COUNTER,
        HIDDEN
    }

    static EventShape of(int id, EventType type) {
        if (type == null) {
            return new EventShape(null, Kind.INSTANT, "type-" + id, "");
        }
        Kind kind = kind(type);
        int cut = kind == Kind.BEGIN ? BEGIN.length() : kind == Kind.END ? END.length() : 0;
        String name = type.name().substring(0, type.name().length() - cut);
        return new EventShape(type, kind, name, type.level().name());
    }

    private static Kind kind(EventType type) {
        if (BuiltInType.SUB_BUFFER.type().equals(type)) {
            return Kind.HIDDEN;
        } else if (BuiltInType.TEXT.type().equals(type)) {
            return Kind.MESSAGE;
        } else if (type.fields().size() == 1 && isNumber(type.fields().getFirst(), VALUE)) {
            return Kind.COUNTER;
        } else if (isPart(type, BEGIN)) {
            return Kind.BEGIN;
        } else if (isPart(type, END)) {
            return Kind.END;
        }
        boolean hasDuration =
                type.fields().stream().anyMatch(field -> isNumber(field, DURATION) && !isDecimal(field.kind()));
        return hasDuration ? Kind.SPAN : Kind.INSTANT;
    }

    private static boolean isPart(EventType type, String end) {
        return type.name().endsWith(end) && type.name().length() > end.length();
    }

    private static boolean isNumber(Field field, String name) {
        return field.name().equals(name)
                && switch (field.kind()) {
                    case I8, I16, I32, I64, U8, U16, U32, U64, F32, F64 -> true;
                    case BOOLEAN, ENUM, STRING, BYTES -> false;
                };
    }

    private static boolean isDecimal(FieldKind kind) {
        return kind == FieldKind.F32 || kind == FieldKind.F64;
    }
}
