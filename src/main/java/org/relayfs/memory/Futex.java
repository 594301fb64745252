package org.relayfs.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// A word in shared memory on which threads of several processes wait: the first 4 bytes of it. Thread-safe.
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long SYS_FUTEX = "aarch64".equals(System.getProperty("os.arch")) ? 98 : 202;
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(1));

    private final MemorySegment word;

    /// Uses the first word of a file.
    ///
    /// @param file whose first bytes are the word; kept mapped by this object
    public Futex(MappedFile file) {
        this.word = file.memory().asSlice(0, Integer.BYTES);
    }

    /// {@return how often it was rung, modulo 2^32}
    public int value() {
        return (int) WORD.getVolatile(word, 0L);
    }

    /// Rings: whoever waits for another value wakes.
    public void ring() {
        int ignored = (int) WORD.getAndAdd(word, 0L, 1);
        call(FUTEX_WAKE, Integer.MAX_VALUE, MemorySegment.NULL);
    }

    /// Waits until it is rung, unless it has been since `seen` was read. May return early.
    ///
    /// @param seen      value before
    /// @param timeoutMs at most so many milliseconds
    public void await(int seen, long timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeout = arena.allocate(JAVA_LONG, 2);
            timeout.setAtIndex(JAVA_LONG, 0, timeoutMs / 1000);
            timeout.setAtIndex(JAVA_LONG, 1, timeoutMs % 1000 * 1_000_000);
            call(FUTEX_WAIT, seen, timeout);
        }
    }

    // The result is of no interest: a woken waiter looks at the value again, whatever woke it.
    private void call(int operation, int value, MemorySegment timeout) {
        try {
            long ignored =
                    (long) SYSCALL.invokeExact(SYS_FUTEX, word, operation, value, timeout, MemorySegment.NULL, 0);
        } catch (Throwable t) {
            throw new LinkageError("futex", t);
        }
    }
}
