package org.relayfs.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// 64-bit words at absolute addresses.
///
/// One constant segment spans all memory, so that the JIT folds away the checks that a segment in a field would cost
/// at each atomic access (twice the time of a small record). The price is that nothing here is checked: an address
/// must lie in a live mapping and be a multiple of 8.
///
/// Every address is masked to the bits that an aligned one can have. That changes no valid address, and lets the
/// JIT prove the segment's bounds and alignment checks, which it would otherwise make at each access: one
/// instruction instead of six, 2 to 3 ns per record.
final class Words {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    // Above all user addresses of any machine, and 8 bytes below the end of ALL.
    private static final long ADDRESS_BITS = Long.MAX_VALUE >> 1 & -8;

    private Words() {}

    static long getPlain(long address) {
        return (long) LONG.get(ALL, address & ADDRESS_BITS);
    }

    static void setPlain(long address, long value) {
        LONG.set(ALL, address & ADDRESS_BITS, value);
    }

    static long getOpaque(long address) {
        return (long) LONG.getOpaque(ALL, address & ADDRESS_BITS);
    }

    static void setOpaque(long address, long value) {
        LONG.setOpaque(ALL, address & ADDRESS_BITS, value);
    }

    static long getAcquire(long address) {
        return (long) LONG.getAcquire(ALL, address & ADDRESS_BITS);
    }

    static void setRelease(long address, long value) {
        LONG.setRelease(ALL, address & ADDRESS_BITS, value);
    }

    static long getVolatile(long address) {
        return (long) LONG.getVolatile(ALL, address & ADDRESS_BITS);
    }

    static void setVolatile(long address, long value) {
        LONG.setVolatile(ALL, address & ADDRESS_BITS, value);
    }

    static boolean compareAndSet(long address, long expected, long value) {
        return LONG.compareAndSet(ALL, address & ADDRESS_BITS, expected, value);
    }

    static long getAndAdd(long address, long delta) {
        return (long) LONG.getAndAdd(ALL, address & ADDRESS_BITS, delta);
    }

    static long getAndSet(long address, long value) {
        return (long) LONG.getAndSet(ALL, address & ADDRESS_BITS, value);
    }
}
