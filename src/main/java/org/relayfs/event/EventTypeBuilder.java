package org.relayfs.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An [EventType] that is being described. One thread.
public final class EventTypeBuilder {
    private final String name;
    private final List<Field> fields = new ArrayList<>();
    private Level level = Level.INFO;

    EventTypeBuilder(String name) {
        this.name = name;
    }

    /// Sets the level.
    ///
    /// @param value [Level#INFO] unless it is said
    /// @return this
    public EventTypeBuilder level(Level value) {
        level = value;
        return this;
    }

    /// Adds a field.
    ///
    /// @param fieldName see [Field]
    /// @param kind      not [FieldKind#ENUM]
    /// @return this
    /// @throws IllegalArgumentException not a name, or the kind needs labels
    public EventTypeBuilder field(String fieldName, FieldKind kind) {
        fields.add(new Field(fieldName, kind));
        return this;
    }

    /// Adds a field that holds one of some labels.
    ///
    /// @param fieldName see [Field]
    /// @param labels    of its values 0, 1, …
    /// @return this
    /// @throws IllegalArgumentException not a name, or not labels
    public EventTypeBuilder choice(String fieldName, List<String> labels) {
        fields.add(new Field(fieldName, FieldKind.ENUM, labels));
        return this;
    }

    /// Adds a field that holds a constant of an enum.
    ///
    /// @param fieldName see [Field]
    /// @param constants whose names are the labels
    /// @return this
    /// @throws IllegalArgumentException not a name, or not labels
    public EventTypeBuilder choice(String fieldName, Class<? extends Enum<?>> constants) {
        return choice(
                fieldName,
                Arrays.stream(constants.getEnumConstants()).map(Enum::name).toList());
    }

    /// {@return the type}
    ///
    /// @throws IllegalArgumentException the name is none, there are more than 64 fields, or two have one name
    public EventType build() {
        return new EventType(name, level, fields);
    }
}
