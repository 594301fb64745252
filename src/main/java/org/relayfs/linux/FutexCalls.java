package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system call for words on which threads of several processes wait. The result is of no interest: a woken waiter
/// looks at the word again, whatever woke it.
public final class FutexCalls {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long NUMBER = Architecture.CURRENT.futexCall;

    private static final MethodHandle SYSCALL = NativeBinder.variadicFunction(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
            1);

    private FutexCalls() {}

    /// Waits while a word has a value.
    ///
    /// @param word      4 bytes of shared memory
    /// @param value     that it must have for the wait to begin
    /// @param timeoutMs at most so many milliseconds
    public static void await(MemorySegment word, int value, long timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeout = arena.allocate(JAVA_LONG, 2);
            timeout.setAtIndex(JAVA_LONG, 0, timeoutMs / 1000);
            timeout.setAtIndex(JAVA_LONG, 1, timeoutMs % 1000 * 1_000_000);
            call(word, FUTEX_WAIT, value, timeout);
        }
    }

    /// Wakes all who wait.
    ///
    /// @param word on which they wait
    public static void wakeAll(MemorySegment word) {
        call(word, FUTEX_WAKE, Integer.MAX_VALUE, MemorySegment.NULL);
    }

    private static void call(MemorySegment word, int operation, int value, MemorySegment timeout) {
        try {
            long ignored = (long) SYSCALL.invokeExact(NUMBER, word, operation, value, timeout, MemorySegment.NULL, 0);
        } catch (Throwable t) {
            throw NativeBinder.broken("futex", t);
        }
    }
}
