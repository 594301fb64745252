package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// CLOCK_REALTIME, without an object for it.
public final class WallClock {
    /// Bytes that [#read] stores: seconds and nanoseconds, 8 each.
    public static final int SIZE = 16;

    private static final int REALTIME = 0;
    private static final MethodHandle CLOCK_GETTIME =
            NativeBinder.briefFunction("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private WallClock() {}

    /// Reads the clock.
    ///
    /// @param address of [#SIZE] bytes of native memory that get it
    public static void read(long address) {
        try {
            int result = (int) CLOCK_GETTIME.invokeExact(REALTIME, address);
            assert result == 0;
        } catch (Throwable t) {
            throw NativeBinder.broken("clock_gettime", t);
        }
    }
}
