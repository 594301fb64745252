package org.relayfs.event.ctf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;

/// The fields in the payload of an event. Nothing is allocated.
public final class Payload {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int NO_PLACE = -1;
    private static final int BYTE = 0xFF;
    private static final int SHORT_MASK = 0xFFFF;

    /// What a given up record holds has no name in its type.
    private static final Field HOLE = new Field("hole", FieldKind.BYTES);

    private static final Field TEXT = BuiltInType.TEXT.type().fields().getFirst();
    private static final Field BYTES = BuiltInType.BYTES.type().fields().getFirst();

    private Payload() {}

    /// Hands all fields of the event that a stream is at to a sink; of an event whose type is not known, the bytes.
    ///
    /// @param event the stream
    /// @param sink  takes them
    /// @return whether the payload is as its type says; if not, the sink has got the fields before the fault
    public static boolean visit(EventStream event, FieldSink sink) {
        byte[] bytes = event.bytes();
        int start = event.payload();
        int length = event.length();
        switch (event.id()) {
            case TypeTable.LOST -> sink.bytes(HOLE, bytes, start, length);
            case TypeTable.TEXT -> sink.text(TEXT, bytes, start, length);
            case TypeTable.BYTES -> sink.bytes(BYTES, bytes, start, length);
            default -> {
                EventType type = event.type();
                if (type != null) {
                    return visit(type.fields(), bytes, start, start + length, sink);
                }
                sink.bytes(BYTES, bytes, start, length);
            }
        }
        return true;
    }

    private static boolean visit(List<Field> fields, byte[] bytes, int start, int end, FieldSink sink) {
        int at = start;
        for (int i = 0; i < fields.size(); i++) {
            at = visit(fields.get(i), bytes, at, end, sink);
            if (at == NO_PLACE) {
                return false;
            }
        }
        return at == end;
    }

    private static int visit(Field field, byte[] bytes, int at, int end, FieldSink sink) {
        int size = field.kind().size();
        if (size == FieldKind.VARIABLE) {
            return field.kind() == FieldKind.STRING
                    ? text(field, bytes, at, end, sink)
                    : sequence(field, bytes, at, end, sink);
        }
        if (size > end - at) {
            return NO_PLACE;
        }
        switch (field.kind()) {
            case I8 -> sink.signed(field, bytes[at]);
            case I16 -> sink.signed(field, (short) SHORT.get(bytes, at));
            case I32 -> sink.signed(field, (int) ByteWindow.INT.get(bytes, at));
            case I64 -> sink.signed(field, (long) ByteWindow.LONG.get(bytes, at));
            case U8 -> sink.unsigned(field, bytes[at] & BYTE);
            case U16 -> sink.unsigned(field, (short) SHORT.get(bytes, at) & SHORT_MASK);
            case U32 -> sink.unsigned(field, Integer.toUnsignedLong((int) ByteWindow.INT.get(bytes, at)));
            case U64 -> sink.unsigned(field, (long) ByteWindow.LONG.get(bytes, at));
            case F32 -> sink.decimal(field, Float.intBitsToFloat((int) ByteWindow.INT.get(bytes, at)));
            case F64 -> sink.decimal(field, Double.longBitsToDouble((long) ByteWindow.LONG.get(bytes, at)));
            case BOOLEAN -> sink.truth(field, bytes[at] != 0);
            case ENUM -> sink.choice(field, (short) SHORT.get(bytes, at) & SHORT_MASK);
            case STRING, BYTES -> throw new IllegalStateException(field.name());
        }
        return at + size;
    }

    private static int text(Field field, byte[] bytes, int at, int end, FieldSink sink) {
        for (int i = at; i < end; i++) {
            if (bytes[i] == 0) {
                sink.text(field, bytes, at, i - at);
                return i + 1;
            }
        }
        return NO_PLACE;
    }

    private static int sequence(Field field, byte[] bytes, int at, int end, FieldSink sink) {
        int start = at + Integer.BYTES;
        if (start > end) {
            return NO_PLACE;
        }
        int length = (int) ByteWindow.INT.get(bytes, at);
        if (length < 0 || length > end - start) {
            return NO_PLACE;
        }
        sink.bytes(field, bytes, start, length);
        return start + length;
    }
}
