package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// The CPU that the calling thread runs on. The answer may be old by the time it is used; a buffer takes records from
/// any CPU.
///
/// There are two ways:
/// - The word in which the kernel keeps the CPU of a thread (rseq), for platform threads, where [RseqAreas] can find
///   it: a load.
/// - A critical downcall of `sched_getcpu`, everywhere else: no state per thread, right for virtual threads. It costs
///   a record about 1 ns more.
public final class CurrentCpu {
    // Without a transition to native state it is a third cheaper.
    private static final MethodHandle SCHED_GETCPU =
            NativeBinder.briefFunction("sched_getcpu", FunctionDescriptor.of(JAVA_INT));

    private CurrentCpu() {}

    /// {@return number of the CPU, or negative if it is unknown. Any thread; wait-free.}
    public static int get() {
        return (int) here();
    }

    /// {@return in the lower half what [#get] returns, in the upper one the [#threadNumber] of the calling thread:
    /// both by one look. Any thread; wait-free.}
    public static long here() {
        if (RseqAreas.AVAILABLE) {
            Thread self = Thread.currentThread();
            long here = RseqAreas.of(self.threadId());
            if (here >= 0) {
                return here;
            }
            RseqAreas.register(self);
        }
        return RseqAreas.NO_NUMBER | fromSystem() & 0xFFFFFFFFL;
    }

    /// {@return a number that no other living thread of this process has, 0 to 63; or a larger one when the thread has
    /// none}
    ///
    /// @param here what [#here] has returned to the thread
    public static long threadNumber(long here) {
        return here >>> 32;
    }

    /// Asks the C library.
    static int fromSystem() {
        try {
            return (int) SCHED_GETCPU.invokeExact();
        } catch (Throwable t) {
            throw NativeBinder.broken("sched_getcpu", t);
        }
    }
}
