package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// System calls of a process about itself. They cannot fail.
public final class ProcessCalls {
    private static final FunctionDescriptor NUMBER = FunctionDescriptor.of(JAVA_INT);
    private static final MethodHandle GETEUID = NativeBinder.function("geteuid", NUMBER);
    private static final MethodHandle GETPAGESIZE = NativeBinder.function("getpagesize", NUMBER);

    private ProcessCalls() {}

    /// {@return true when this process acts as root}
    public static boolean isRoot() {
        try {
            return (int) GETEUID.invokeExact() == 0;
        } catch (Throwable t) {
            throw NativeBinder.broken("geteuid", t);
        }
    }

    /// {@return the bytes of a page of memory}
    public static int pageSize() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable t) {
            throw NativeBinder.broken("getpagesize", t);
        }
    }
}
