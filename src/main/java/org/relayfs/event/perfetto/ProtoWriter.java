package org.relayfs.event.perfetto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Fields of protobuf messages, one after the other, in an array that grows. A message within another one has its
/// length in four bytes, also where fewer would do: so nothing is moved when it is known.
final class ProtoWriter {
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int DELIMITED = 2;
    private static final int TYPE_BITS = 3;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;
    private static final int MASK = MORE - 1;
    private static final int MAX_VARINT = 10;
    private static final int LENGTH_SIZE = 4;

    private byte[] bytes;
    private int size;

    ProtoWriter(int capacity) {
        bytes = new byte[capacity];
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, 2 * (size + count));
        }
    }

    private void varint(long value) {
        room(MAX_VARINT);
        long rest = value;
        while ((rest & ~MASK) != 0) {
            bytes[size] = (byte) (rest | MORE);
            size++;
            rest >>>= BITS;
        }
        bytes[size] = (byte) rest;
        size++;
    }

    /// A number that is not negative, or one of 64 bits, or a truth as 0 or 1.
    void number(int field, long value) {
        varint((long) field << TYPE_BITS | VARINT);
        varint(value);
    }

    void decimal(int field, double value) {
        varint((long) field << TYPE_BITS | FIXED_64);
        room(Double.BYTES);
        DOUBLE.set(bytes, size, value);
        size += Double.BYTES;
    }

    void text(int field, String value) {
        byte[] coded = value.getBytes(StandardCharsets.UTF_8);
        bytes(field, coded, 0, coded.length);
    }

    /// A text that may be any bytes.
    void utf8(int field, byte[] value, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (value[i] < 0) {
                text(field, new String(value, start, length, StandardCharsets.UTF_8));
                return;
            }
        }
        bytes(field, value, start, length);
    }

    private void bytes(int field, byte[] value, int start, int length) {
        varint((long) field << TYPE_BITS | DELIMITED);
        varint(length);
        room(length);
        System.arraycopy(value, start, bytes, size, length);
        size += length;
    }

    /// Begins a message within the one that is being written.
    ///
    /// @return what [#end] is to get
    int begin(int field) {
        varint((long) field << TYPE_BITS | DELIMITED);
        room(LENGTH_SIZE);
        size += LENGTH_SIZE;
        return size;
    }

    void end(int start) {
        int length = size - start;
        for (int i = 0; i < LENGTH_SIZE; i++) {
            int more = i < LENGTH_SIZE - 1 ? MORE : 0;
            bytes[start - LENGTH_SIZE + i] = (byte) (length >>> i * BITS & MASK | more);
        }
    }

    /// Fields that another one has.
    void append(ProtoWriter other) {
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }
}
