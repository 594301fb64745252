package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What a thread must be able to do while the heap is full to the last byte: wait for a request, read it, refuse it.
///
/// A call that captures errno, or that is given a segment, makes objects as long as it is interpreted, and the JDK
/// makes a class of its own for a method handle when that is used for the 127th time. So these calls take nothing
/// but numbers, do not tell why they failed, and are used more often than that beforehand, see [#rehearse].
public final class HeaplessCalls {
    private static final int NO_FILE = -1;
    private static final int NO_LIMIT = -1;
    /// More than the uses after which the JDK makes a class for a method handle: its `CUSTOMIZE_THRESHOLD`, a byte.
    private static final int REHEARSALS = 2 * Byte.MAX_VALUE;

    private static final MethodHandle READ =
            NativeBinder.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle EPOLL_WAIT = NativeBinder.function(
            "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));

    private HeaplessCalls() {}

    /// Uses all calls so often that nothing is made for them later. To be called while there is memory.
    public static void rehearse() {
        for (int use = 0; use < REHEARSALS; use++) {
            awaitOne(NO_FILE, 0);
            read(NO_FILE, 0, 0);
            FileCalls.writeUnheard(NO_FILE, MemorySegment.NULL);
        }
    }

    /// Reads from a file.
    ///
    /// @param descriptor of an open file
    /// @param target     address of native memory
    /// @param length     bytes at most
    /// @return how many bytes were read, or -1 if it failed
    public static long read(int descriptor, long target, long length) {
        try {
            return (long) READ.invokeExact(descriptor, target, length);
        } catch (Throwable t) {
            throw NativeBinder.broken("read", t);
        }
    }

    /// Waits without a limit.
    ///
    /// @param set   descriptor of the set
    /// @param event address of room for one `struct epoll_event`
    static void awaitOne(int set, long event) {
        try {
            int ignored = (int) EPOLL_WAIT.invokeExact(set, event, 1, NO_LIMIT);
        } catch (Throwable t) {
            throw NativeBinder.broken("epoll_wait", t);
        }
    }
}
