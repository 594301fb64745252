package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// The numbers by which events name their threads: the kernel's for a platform thread; for a virtual one
/// [#VIRTUAL] and the lower bits of its Java number. Any thread.
public final class ThreadIds {
    /// The bit that tells virtual threads.
    public static final int VIRTUAL = 1 << 31;

    private static final MethodHandle GETTID = NativeBinder.briefFunction("gettid", FunctionDescriptor.of(JAVA_INT));

    // By CurrentCpu.threadNumber. Written by a thread when it gets the number, and read by the same thread alone.
    private static final int[] IDS = new int[RseqAreas.NUMBERS];

    private ThreadIds() {}

    /// {@return the number of the calling thread}
    ///
    /// @param thread its [CurrentCpu#threadNumber]
    public static int of(long thread) {
        return thread < RseqAreas.NUMBERS ? IDS[(int) thread] : find();
    }

    /// {@return the number of the calling thread}
    public static int current() {
        return of(CurrentCpu.threadNumber(CurrentCpu.here()));
    }

    /// The calling thread has got a number.
    static void remember(int thread) {
        IDS[thread] = fromSystem();
    }

    private static int find() {
        Thread self = Thread.currentThread();
        return self.isVirtual() ? VIRTUAL | (int) self.threadId() : fromSystem();
    }

    private static int fromSystem() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable t) {
            throw NativeBinder.broken("gettid", t);
        }
    }
}
