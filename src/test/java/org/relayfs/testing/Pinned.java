package org.relayfs.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Runs something on one CPU.
public final class Pinned {
    private static final MethodHandle SET_AFFINITY = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("sched_setaffinity"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

    private Pinned() {}

    /// Runs an action in a thread that is bound to a CPU.
    ///
    /// @param cpu below 64
    /// @return false when the CPU cannot be had
    public static boolean run(int cpu, Runnable action) throws InterruptedException {
        boolean[] done = {false};
        Thread thread = Thread.ofPlatform().start(() -> {
            if (bind(cpu)) {
                action.run();
                done[0] = true;
            }
        });
        thread.join();
        return done[0];
    }

    private static boolean bind(int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(JAVA_LONG);
            mask.set(JAVA_LONG, 0, 1L << cpu);
            return (int) SET_AFFINITY.invokeExact(0, 8L, mask) == 0;
        } catch (Throwable t) {
            throw new LinkageError("sched_setaffinity", t);
        }
    }
}
