package org.relayfs.ringstress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// A record that proves itself: `length | checksum of the rest | writer | number`, then bytes that nobody can guess.
final class StressRecord {
    static final int HEADER = 24;
    static final int MAX_LENGTH = 600;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOISE = new byte[1 << 16];

    static {
        new SplittableRandom(4711).nextBytes(NOISE);
    }

    private StressRecord() {}

    /// Fills `record` with record `number` of a writer.
    static void fill(byte[] record, int length, int writer, long number) {
        INT.set(record, 0, length);
        INT.set(record, 8, writer);
        LONG.set(record, 16, number);
        int from = (int) (mix(number + writer) & (NOISE.length - 1) >> 1);
        System.arraycopy(NOISE, from, record, HEADER, length - HEADER);
        INT.set(record, 4, checksum(ByteBuffer.wrap(record, 8, length - 8)));
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    /// Called for each whole record.
    interface Visitor {
        void record(int writer, long number, int length);
    }

    /// Takes whole records apart.
    ///
    /// @return bytes used; the rest is the beginning of a record
    static long parse(MemorySegment bytes, long length, Visitor visitor) {
        long offset = 0;
        while (length - offset >= HEADER) {
            int size = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
            if (size < HEADER || size > MAX_LENGTH) {
                throw new AssertionError("torn: a record of " + size + " bytes at " + offset + " of " + length);
            }
            if (size > length - offset) {
                break;
            }
            int writer = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 8);
            long number = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 16);
            if (bytes.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 4)
                    != checksum(bytes.asSlice(offset + 8, size - 8).asByteBuffer())) {
                throw new AssertionError("torn: checksum of record " + number + " of writer " + writer);
            }
            visitor.record(writer, number, size);
            offset += size;
        }
        return offset;
    }

    /// Numbers that have the same sum of these are the same numbers.
    static long mix(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
