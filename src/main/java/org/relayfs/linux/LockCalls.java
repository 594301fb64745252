package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Locks of single bytes of a file that belong to an open file, not to a process (`F_OFD_SETLK`): the kernel drops them
/// with the last descriptor of that open file, and closing another one does not touch them. The byte need not exist.
/// Results below 0 are negative error numbers, see [Errno].
public final class LockCalls {
    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;
    static final int FLOCK_SIZE = 32;
    static final int TYPE_OFFSET = 0;
    static final int START_OFFSET = 8;
    static final int LENGTH_OFFSET = 16;

    private static final MethodHandle FCNTL =
            NativeBinder.variadicSystemCall("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), 2);

    private LockCalls() {}

    /// Takes a lock, if nobody else has it.
    ///
    /// @param descriptor open for writing
    /// @param number     of the byte
    /// @return 0, or a negative error number; EAGAIN: another open file has it
    public static int tryLock(int descriptor, long number) {
        try (Arena arena = Arena.ofConfined()) {
            return call(descriptor, F_OFD_SETLK, lock(arena, F_WRLCK, number));
        }
    }

    /// Gives a lock back. Nothing happens when it is not held.
    ///
    /// @param descriptor by which it was taken
    /// @param number     of the byte
    /// @return 0, or a negative error number
    public static int unlock(int descriptor, long number) {
        try (Arena arena = Arena.ofConfined()) {
            return call(descriptor, F_OFD_SETLK, lock(arena, F_UNLCK, number));
        }
    }

    /// Looks whether another open file has a lock.
    ///
    /// @param descriptor of the same file
    /// @param number     of the byte
    /// @return 1 if so, 0 if not, or a negative error number
    public static int isLocked(int descriptor, long number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lock = lock(arena, F_WRLCK, number);
            int result = call(descriptor, F_OFD_GETLK, lock);
            return result < 0 ? result : lock.get(JAVA_SHORT, TYPE_OFFSET) == F_UNLCK ? 0 : 1;
        }
    }

    private static MemorySegment lock(Arena arena, short type, long number) {
        MemorySegment lock = arena.allocate(FLOCK_SIZE, Long.BYTES);
        lock.set(JAVA_SHORT, TYPE_OFFSET, type);
        lock.set(JAVA_LONG, START_OFFSET, number);
        lock.set(JAVA_LONG, LENGTH_OFFSET, 1);
        return lock;
    }

    private static int call(int descriptor, int command, MemorySegment lock) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) FCNTL.invokeExact(state, descriptor, command, lock), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("fcntl", t);
        }
    }
}
