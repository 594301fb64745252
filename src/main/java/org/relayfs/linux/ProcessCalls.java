package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// System calls of a process about itself. They cannot fail.
public final class ProcessCalls {
    private static final MethodHandle GETPAGESIZE =
            NativeBinder.function("getpagesize", FunctionDescriptor.of(JAVA_INT));

    private ProcessCalls() {}

    /// {@return the bytes of a page of memory}
    public static int pageSize() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable t) {
            throw NativeBinder.broken("getpagesize", t);
        }
    }
}
