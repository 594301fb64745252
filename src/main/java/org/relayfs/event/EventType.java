package org.relayfs.event;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A type of events: its name, its level, and what its events hold; immutable, and equal to another that says the same.
/// Types are made once, by [#named], and then registered with a channel, which gives each a number of its own.
///
/// Any thread.
public final class EventType {
    private static final int MAX_FIELDS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:/$-]{0,126}");

    private final String name;
    private final Level level;
    private final List<Field> fields;

    EventType(String name, Level level, List<Field> fields) {
        this.name = name;
        this.level = Objects.requireNonNull(level, "level");
        this.fields = List.copyOf(fields);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("event name: name=" + name
                    + ", limit=1..127 letters, digits and _.:/$-, beginning with a letter or _; choose another");
        }
        if (fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException(
                    "fields: event=" + name + ", count=" + fields.size() + ", limit=" + MAX_FIELDS);
        }
        if (fields.stream()
                        .map(Field::name)
                        .collect(Collectors.toCollection(HashSet::new))
                        .size()
                < fields.size()) {
            throw new IllegalArgumentException("fields: event=" + name + "; two have one name");
        }
    }

    /// {@return the beginning of a type: level [Level#INFO], no fields}
    ///
    /// @param name 1 to 127 letters, digits and `_.:/$-`, all ASCII, beginning with a letter or `_`
    public static EventTypeBuilder named(String name) {
        return new EventTypeBuilder(name);
    }

    /// Makes the type of a record class: its name is the class's simple one, its fields are the components. A
    /// component is a primitive number, a `char` (as [FieldKind#U16]), a `boolean`, a [String] or other
    /// [CharSequence], a `byte[]` or an enum.
    ///
    /// @param events the class
    /// @param level  of the type
    /// @return the type
    /// @throws IllegalArgumentException a component is something else, or a name cannot be one
    public static EventType of(Class<? extends Record> events, Level level) {
        EventTypeBuilder type = named(events.getSimpleName()).level(level);
        for (RecordComponent component : events.getRecordComponents()) {
            if (component.getType().isEnum()) {
                type.choice(
                        component.getName(),
                        Arrays.stream(component.getType().getEnumConstants())
                                .map(constant -> ((Enum<?>) constant).name())
                                .toList());
            } else {
                type.field(component.getName(), FieldKind.of(component));
            }
        }
        return type.build();
    }

    /// Makes the type of a record class, at [Level#INFO]; see [#of(Class, Level)].
    ///
    /// @param events the class
    /// @return the type
    /// @throws IllegalArgumentException a component is something else, or a name cannot be one
    public static EventType of(Class<? extends Record> events) {
        return of(events, Level.INFO);
    }

    /// {@return its name}
    public String name() {
        return name;
    }

    /// {@return its level}
    public Level level() {
        return level;
    }

    /// {@return its fields, in the order in which they lie in a record; up to 64}
    public List<Field> fields() {
        return fields;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventType type
                && name.equals(type.name)
                && level == type.level
                && fields.equals(type.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, level, fields);
    }

    @Override
    public String toString() {
        return fields.stream()
                .map(field -> field.kind() + " " + field.name())
                .collect(Collectors.joining(", ", name + "(", ")"));
    }
}
