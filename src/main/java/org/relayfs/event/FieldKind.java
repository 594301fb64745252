package org.relayfs.event;

import java.lang.reflect.RecordComponent;
import java.util.Map;

/// What a field of an event holds, and how it lies in the record: little-endian, without padding before or behind it.
public enum FieldKind {
    /// Signed, 8 bits.
    I8(1),
    /// Signed, 16 bits.
    I16(2),
    /// Signed, 32 bits.
    I32(4),
    /// Signed, 64 bits.
    I64(8),
    /// Unsigned, 8 bits.
    U8(1),
    /// Unsigned, 16 bits.
    U16(2),
    /// Unsigned, 32 bits.
    U32(4),
    /// Unsigned, 64 bits.
    U64(8),
    /// IEEE 754, 32 bits.
    F32(4),
    /// IEEE 754, 64 bits.
    F64(8),
    /// A byte: 0 or 1.
    BOOLEAN(1),
    /// One of the labels: its index as an unsigned number of 16 bits.
    ENUM(2),
    /// UTF-8 and a NUL byte. A NUL character in a text is stored as U+FFFD.
    STRING(-1),
    /// The number of bytes in 32 bits, unsigned, then the bytes.
    BYTES(-1);

    /// What [#size()] returns for kinds whose length is in the record.
    public static final int VARIABLE = -1;

    private static final Map<Class<?>, FieldKind> OF_CLASSES = Map.of(
            byte.class, I8,
            short.class, I16,
            char.class, U16,
            int.class, I32,
            long.class, I64,
            float.class, F32,
            double.class, F64,
            boolean.class, BOOLEAN,
            byte[].class, BYTES);

    private final int size;

    FieldKind(int size) {
        this.size = size;
    }

    static FieldKind of(RecordComponent component) {
        boolean text = CharSequence.class.isAssignableFrom(component.getType());
        FieldKind kind = text ? STRING : OF_CLASSES.get(component.getType());
        if (kind == null) {
            throw new IllegalArgumentException("field: name=" + component.getName() + ", type="
                    + component.getType().getTypeName()
                    + ", limit=a primitive type, a CharSequence, byte[] or an enum; log what of it is wanted");
        }
        return kind;
    }

    /// {@return bytes that every value takes, or [#VARIABLE]}
    public int size() {
        return size;
    }
}
