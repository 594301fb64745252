package org.relayfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;
import org.relayfs.ring.TimedWrite;

/// An event that is being made, from [EventLog#begin()]: each call gives the value of the next field. Values are kept
/// in memory of the calling thread, which is used again. For one thread.
public final class EventBuilder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_SIZE = 256;
    // Of a text, looked at together.
    private static final int UNITS = 256;
    private static final int MOST = 1 << 20;
    private static final int REPLACEMENT = 0xFFFD;

    private final EventLog log;
    private final boolean on;
    private final Field[] fields;
    private final char[] units;
    private byte[] bytes;
    private int length;
    // That comes next; -1 while no event is being made.
    private int next = -1;
    private boolean tooBig;

    EventBuilder(EventLog log, boolean on) {
        this.log = log;
        this.on = on;
        this.fields = log.type().fields().toArray(Field[]::new);
        this.bytes = new byte[on ? FIRST_SIZE : 0];
        this.units = new char[on ? UNITS : 0];
    }

    boolean isOpen() {
        return next >= 0;
    }

    EventBuilder open() {
        next = 0;
        length = 0;
        tooBig = false;
        return this;
    }

    /// Gives the value of a field of a whole number, of whichever width; higher bits are cut off. Of an enum, the index
    /// of its label.
    ///
    /// @param value of it
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(long value) {
        if (!on) {
            return this;
        }
        switch (kind()) {
            case I64, U64 -> putLong(value);
            case I32, U32 -> putInt((int) value);
            case I16, U16, ENUM -> putShort((short) value);
            case I8, U8 -> putByte((byte) value);
            default -> throw other("a whole number");
        }
        return taken();
    }

    /// Gives the value of a field of a floating-point number.
    ///
    /// @param value of it
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(double value) {
        if (!on) {
            return this;
        }
        switch (kind()) {
            case F64 -> putLong(Double.doubleToRawLongBits(value));
            case F32 -> putInt(Float.floatToRawIntBits((float) value));
            default -> throw other("a floating-point number");
        }
        return taken();
    }

    /// Gives the value of a boolean field.
    ///
    /// @param value of it
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(boolean value) {
        if (!on) {
            return this;
        }
        if (kind() != FieldKind.BOOLEAN) {
            throw other("a boolean");
        }
        putByte((byte) (value ? 1 : 0));
        return taken();
    }

    /// Gives the value of a string, without a String being made. Half a surrogate pair becomes a question mark, a NUL
    /// character U+FFFD.
    ///
    /// @param value of it; null is an empty text
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(CharSequence value) {
        if (!on) {
            return this;
        }
        if (kind() != FieldKind.STRING) {
            throw other("a text");
        }
        int count = value == null ? 0 : value.length();
        int from = 0;
        while (from < count && putAscii(value, from, Math.min(count, from + UNITS))) {
            from = Math.min(count, from + UNITS);
        }
        putCharacters(value, from, count);
        putByte((byte) 0);
        return taken();
    }

    // Most texts are ASCII, whose units are bytes. The JIT makes a few wide instructions of either loop.
    private boolean putAscii(CharSequence value, int from, int to) {
        int count = to - from;
        value.getChars(from, to, units, 0);
        int seen = 0;
        for (int i = 0; i < count; i++) {
            seen |= units[i] | units[i] - 1; // of a NUL, -1
        }
        if ((seen & ~0x7F) != 0) {
            return false;
        }
        int at = room(count);
        if (tooBig) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) units[i];
        }
        return true;
    }

    private void putCharacters(CharSequence value, int from, int to) {
        for (int i = from; i < to && !tooBig; i++) {
            char unit = value.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(unit) && i + 1 < to && Character.isLowSurrogate(value.charAt(i + 1));
            if (pair) {
                putCharacter(Character.toCodePoint(unit, value.charAt(++i)));
            } else {
                putCharacter(Character.isSurrogate(unit) ? '?' : unit == 0 ? REPLACEMENT : unit);
            }
        }
    }

    private void putCharacter(int character) {
        int count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        int at = room(count);
        if (count == 1) {
            bytes[at] = (byte) character;
            return;
        }
        for (int i = count - 1; i > 0; i--) {
            bytes[at + i] = (byte) (0x80 | character >> 6 * (count - 1 - i) & 0x3F);
        }
        bytes[at] = (byte) (0xF0 << 4 - count | character >> 6 * (count - 1));
    }

    /// Gives the value of a field of bytes.
    ///
    /// @param value copied
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(byte[] value) {
        if (!on) {
            return this;
        }
        if (kind() != FieldKind.BYTES) {
            throw other("bytes");
        }
        putInt(value.length);
        int at = room(value.length);
        if (!tooBig) {
            System.arraycopy(value, 0, bytes, at, value.length);
        }
        return taken();
    }

    /// Gives the value of an enum.
    ///
    /// @param value a constant whose name is one of the field's labels
    /// @return this
    /// @throws IllegalStateException another kind of field comes next
    public EventBuilder put(Enum<?> value) {
        if (!on) {
            return this;
        }
        int label = kind() == FieldKind.ENUM ? fields[next].labels().indexOf(value.name()) : -1;
        if (label < 0) {
            throw other("an enum's " + value.name());
        }
        return put(label);
    }

    /// Logs the event.
    ///
    /// @return the length of its payload, or one of [WriteResult]
    /// @throws IllegalStateException a field is missing
    public int commit() {
        return finish() ? log.commit(bytes, logged()) : WriteResult.DISABLED;
    }

    /// Logs the event, and waits while a channel that does not overwrite is full, as
    /// [RelayChannel#write(byte\[\], long, TimeUnit)] does.
    ///
    /// @param timeout to wait at most; 0: one attempt
    /// @param unit    of that time
    /// @return the length of its payload, or one of [WriteResult]; `FULL`: there was no room in time
    /// @throws IllegalArgumentException the time is negative
    /// @throws IllegalStateException a field is missing
    /// @throws InterruptedException while it waited; the event is refused, and counted as `FULL`
    public int commit(long timeout, TimeUnit unit) throws InterruptedException {
        long timeoutNs = TimedWrite.nanos(timeout, unit);
        return finish() ? log.commit(bytes, logged(), timeoutNs) : WriteResult.DISABLED;
    }

    /// @return false when the type is switched off
    private boolean finish() {
        if (on && next != fields.length) {
            throw other("no more field");
        }
        next = -1;
        return on;
    }

    // What is too long for every buffer is counted as such by the buffer.
    private int logged() {
        return tooBig ? Math.min(MOST, bytes.length) : length;
    }

    /// Throws away what was given, for an event that is not to be logged after all.
    public void cancel() {
        next = -1;
    }

    // The room first: it may make another array.

    private void putLong(long value) {
        int at = room(Long.BYTES);
        LONG.set(bytes, at, value);
    }

    private void putInt(int value) {
        int at = room(Integer.BYTES);
        INT.set(bytes, at, value);
    }

    private void putShort(short value) {
        int at = room(Short.BYTES);
        SHORT.set(bytes, at, value);
    }

    private void putByte(byte value) {
        int at = room(1);
        bytes[at] = value;
    }

    private FieldKind kind() {
        if (next < 0 || next >= fields.length) {
            throw other("a field");
        }
        return fields[next].kind();
    }

    private IllegalStateException other(String given) {
        String expected = next < 0
                ? "begin()"
                : next == fields.length ? "commit()" : fields[next].kind() + " " + fields[next].name();
        next = -1;
        return new IllegalStateException("fields: event=" + log.type() + ", given=" + given + ", expected=" + expected);
    }

    private EventBuilder taken() {
        next++;
        return this;
    }

    /// {@return where the next bytes go; in an event that is too big, anywhere}
    private int room(int count) {
        if (tooBig || count > MOST - length) {
            tooBig = true;
            bytes = bytes.length < MOST ? Arrays.copyOf(bytes, MOST) : bytes;
            return 0;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MOST, Math.max(length + count, 2 * bytes.length)));
        }
        length += count;
        return length - count;
    }
}
