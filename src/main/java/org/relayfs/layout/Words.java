package org.relayfs.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// 64-bit words at absolute addresses.
///
/// One constant segment spans all memory, so that the JIT folds away the checks that a segment in a field would cost
/// at each atomic access (twice the time of a small record). The price is that nothing here is checked: an address
/// must lie in a live mapping and be a multiple of 8.
final class Words {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private Words() {}

    static long getPlain(long address) {
        return (long) LONG.get(ALL, address);
    }

    static void setPlain(long address, long value) {
        LONG.set(ALL, address, value);
    }

    static long getOpaque(long address) {
        return (long) LONG.getOpaque(ALL, address);
    }

    static void setOpaque(long address, long value) {
        LONG.setOpaque(ALL, address, value);
    }

    static long getAcquire(long address) {
        return (long) LONG.getAcquire(ALL, address);
    }

    static void setRelease(long address, long value) {
        LONG.setRelease(ALL, address, value);
    }

    static long getVolatile(long address) {
        return (long) LONG.getVolatile(ALL, address);
    }

    static void setVolatile(long address, long value) {
        LONG.setVolatile(ALL, address, value);
    }

    static boolean compareAndSet(long address, long expected, long value) {
        return LONG.compareAndSet(ALL, address, expected, value);
    }

    static long getAndAdd(long address, long delta) {
        return (long) LONG.getAndAdd(ALL, address, delta);
    }

    static long getAndSet(long address, long value) {
        return (long) LONG.getAndSet(ALL, address, value);
    }
}
