package org.relayfs.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Copies records to absolute addresses. Short ones by one to four overlapping words: a bulk copy is a call of about
/// 3 ns. The methods are small on purpose: C2 does not inline one of 325 bytecodes or more.
///
/// The target is trusted: it lies in a live mapping. The source is checked by the JDK (arrays, segments), before the
/// first store for lengths that the caller has checked.
public final class RecordCopy {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle BYTES_AS_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle BYTES_AS_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    // Changes no address and lets the JIT prove the segment's bounds checks.
    private static final long ADDRESS_BITS = Long.MAX_VALUE >> 1;

    private RecordCopy() {}

    /// Copies from an array.
    ///
    /// @param source from
    /// @param offset of the first byte; offset and length have been checked
    /// @param target address of the first byte
    /// @param length bytes
    public static void copy(byte[] source, int offset, long target, int length) {
        if (length > 32) {
            MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, target, length);
        } else if (length > 16) {
            putLong(source, offset, target);
            putLong(source, offset + 8, target + 8);
            putLong(source, offset + length - 16, target + length - 16);
            putLong(source, offset + length - 8, target + length - 8);
        } else if (length >= 8) {
            putLong(source, offset, target);
            putLong(source, offset + length - 8, target + length - 8);
        } else {
            copyShort(source, offset, target, length);
        }
    }

    private static void copyShort(byte[] source, int offset, long target, int length) {
        if (length >= 4) {
            putInt(source, offset, target);
            putInt(source, offset + length - 4, target + length - 4);
        } else {
            for (int i = 0; i < length; i++) {
                ALL.set(ValueLayout.JAVA_BYTE, target + i & ADDRESS_BITS, source[offset + i]);
            }
        }
    }

    private static void putLong(byte[] source, int offset, long target) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, target & ADDRESS_BITS, (long) BYTES_AS_LONG.get(source, offset));
    }

    private static void putInt(byte[] source, int offset, long target) {
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, target & ADDRESS_BITS, (int) BYTES_AS_INT.get(source, offset));
    }

    /// Copies from a segment.
    ///
    /// @param source from; alive for the whole call
    /// @param offset of the first byte; offset and length have been checked
    /// @param target address of the first byte
    /// @param length bytes
    public static void copy(MemorySegment source, long offset, long target, long length) {
        if (length >= 8 && length <= 16) {
            ALL.set(
                    ValueLayout.JAVA_LONG_UNALIGNED,
                    target & ADDRESS_BITS,
                    source.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
            ALL.set(
                    ValueLayout.JAVA_LONG_UNALIGNED,
                    target + length - 8 & ADDRESS_BITS,
                    source.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + length - 8));
        } else {
            MemorySegment.copy(source, offset, ALL, target, length);
        }
    }

    /// Copies to a segment.
    ///
    /// @param source address of the first byte
    /// @param target to; alive for the whole call
    /// @param offset of the first byte
    /// @param length bytes
    public static void copy(long source, MemorySegment target, long offset, long length) {
        MemorySegment.copy(ALL, source, target, offset, length);
    }

    /// Sets bytes to zero.
    ///
    /// @param target address of the first byte
    /// @param length bytes to set to 0
    public static void zero(long target, long length) {
        ALL.asSlice(target, length).fill((byte) 0);
    }

    /// Stores one word.
    ///
    /// @param target address of 8 bytes, aligned or not
    /// @param value  stored in native order
    public static void putLong(long target, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, target & ADDRESS_BITS, value);
    }

    /// {@return a word}
    ///
    /// @param source address of 8 bytes, aligned or not
    public static long getLong(long source) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, source & ADDRESS_BITS);
    }

    /// Stores half a word.
    ///
    /// @param target address of 4 bytes, aligned or not
    /// @param value  stored in native order
    public static void putInt(long target, int value) {
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, target & ADDRESS_BITS, value);
    }
}
