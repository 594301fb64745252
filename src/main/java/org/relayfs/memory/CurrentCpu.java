package org.relayfs.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// The CPU that the calling thread runs on.
///
/// A critical downcall of `sched_getcpu`: no state per thread, right after every migration and for virtual threads.
/// The answer may be old by the time it is used; a buffer takes records from any CPU.
public final class CurrentCpu {
    // Critical: no transition to native state, a third cheaper. Allowed because the call never blocks.
    private static final MethodHandle SCHED_GETCPU = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("sched_getcpu"),
                    FunctionDescriptor.of(JAVA_INT),
                    Linker.Option.critical(false));

    private CurrentCpu() {}

    /// {@return number of the CPU, or negative when the system does not tell. Any thread; wait-free.}
    public static int get() {
        try {
            return (int) SCHED_GETCPU.invokeExact();
        } catch (Throwable t) {
            throw new LinkageError("sched_getcpu", t);
        }
    }
}
