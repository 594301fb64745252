package org.relayfs.event;

/// The types that every channel of events has; the number of each is its place in this order.
public enum BuiltInType {
    /// A record that was given up. Its payload holds anything.
    LOST(EventType.named("lost").level(Level.WARN)),

    /// A text in UTF-8, which is the whole payload, without a NUL.
    TEXT(EventType.named("text").field("text", FieldKind.STRING)),

    /// The first event of each sub-buffer: how many bytes at its end are unused (0 while it is open), its CPU and
    /// position, two clocks at one moment in nanoseconds, and how many records its buffer has lost so far.
    SUB_BUFFER(EventType.named("subbuffer")
            .level(Level.TRACE)
            .field("unused", FieldKind.U32)
            .field("cpu", FieldKind.U32)
            .field("position", FieldKind.U64)
            .field("monotonic", FieldKind.U64)
            .field("realtime", FieldKind.U64)
            .field("full", FieldKind.U64)
            .field("too_big", FieldKind.U64)
            .field("straggler", FieldKind.U64)
            .field("abandoned", FieldKind.U64)),

    /// Bytes of which nothing more is known. They are the whole payload, without their number.
    BYTES(EventType.named("bytes").field("bytes", FieldKind.BYTES));

    /// The number of the first type that a program registers. Numbers are 0 to 4095.
    public static final int FIRST_OF_PROGRAMS = 16;

    private final EventType type;

    BuiltInType(EventTypeBuilder builder) {
        type = builder.build();
    }

    /// {@return what its events hold}
    public EventType type() {
        return type;
    }
}
