package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls that wait, and those that end a wait. Results below 0 are negative error numbers, see [Errno].
public final class WaitCalls {
    /// There is something to read, for [#poll] and [EpollSet].
    public static final int POLLIN = 1;
    /// Nobody reads what is written here.
    public static final int POLLERR = 8;
    /// The other side is gone.
    public static final int POLLHUP = 16;
    /// Not an open file.
    public static final int POLLNVAL = 32;

    private static final MethodHandle EVENTFD =
            NativeBinder.systemCall("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle EVENTFD_WRITE =
            NativeBinder.systemCall("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    private WaitCalls() {}

    /// Linked by the first who waits so.
    private static final class Poll {
        static final MethodHandle POLL =
                NativeBinder.systemCall("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /// Makes an event: a descriptor that becomes readable by [#signal].
    ///
    /// @return its descriptor, or a negative error number
    public static int eventfd() {
        MemorySegment state = NativeBinder.state();
        try {
            int returned = (int) EVENTFD.invokeExact(state, 0, OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("eventfd", t);
        }
    }

    /// Makes an event readable, for good unless somebody reads it.
    ///
    /// @param eventfd of [#eventfd()]
    /// @return 0, or a negative error number
    public static int signal(int eventfd) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) EVENTFD_WRITE.invokeExact(state, eventfd, 1L), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("eventfd_write", t);
        }
    }

    /// Waits for one of some files.
    ///
    /// @param entries   array of `struct pollfd`
    /// @param count     of its elements
    /// @param timeoutMs at most so long
    /// @return how many of them have something, or a negative error number
    public static int poll(MemorySegment entries, long count, int timeoutMs) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) Poll.POLL.invokeExact(state, entries, count, timeoutMs), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("poll", t);
        }
    }
}
