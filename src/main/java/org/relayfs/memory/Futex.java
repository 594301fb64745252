package org.relayfs.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.relayfs.linux.FutexCalls;

/// A word in shared memory on which threads of several processes wait; it has 4 bytes. Thread-safe.
public final class Futex {
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment word;

    /// Uses the first word of a file.
    ///
    /// @param file whose first bytes are the word; kept mapped by this object
    public Futex(MappedFile file) {
        this.word = file.memory().asSlice(0, Integer.BYTES);
    }

    /// {@return the number of rings so far, modulo 2^32}
    public int value() {
        return (int) WORD.getVolatile(word, 0L);
    }

    /// Rings: whoever waits for another value wakes.
    public void ring() {
        int ignored = (int) WORD.getAndAdd(word, 0L, 1);
        FutexCalls.wakeAll(word);
    }

    /// Waits until it is rung, unless it has been since `seen` was read. May return early.
    ///
    /// @param seen      value before
    /// @param timeoutMs at most so many milliseconds
    public void await(int seen, long timeoutMs) {
        FutexCalls.await(word, seen, timeoutMs);
    }
}
