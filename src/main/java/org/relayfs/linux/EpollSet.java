package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Files that one thread waits for, without a limit and without an allocation. Belongs to that thread.
public final class EpollSet implements AutoCloseable {
    private static final int EPOLLIN = 1;
    private static final int EPOLL_CTL_ADD = 1;

    private static final MethodHandle CREATE =
            NativeBinder.systemCall("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CONTROL = NativeBinder.systemCall(
            "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));

    private final int descriptor;
    private final MemorySegment event;

    private EpollSet(int descriptor, MemorySegment event) {
        this.descriptor = descriptor;
        this.event = event;
    }

    /// Makes an empty set.
    ///
    /// @param arena its memory; closed after the set
    /// @return the set
    /// @throws SystemCallException no descriptor is left
    public static EpollSet create(Arena arena) throws SystemCallException {
        MemorySegment state = NativeBinder.state();
        MemorySegment event = arena.allocate(Architecture.CURRENT.epollEventSize, Long.BYTES);
        try {
            long result = NativeBinder.result((int) CREATE.invokeExact(state, OpenFlags.O_CLOEXEC), state);
            return new EpollSet((int) SystemCallException.check(result, "epoll_create1", "to wait with"), event);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable t) {
            throw NativeBinder.broken("epoll_create1", t);
        }
    }

    /// Adds a file: it is waited for until there is something to read in it.
    ///
    /// @param file descriptor of an open file
    /// @throws SystemCallException it cannot be waited for
    public void addReadable(int file) throws SystemCallException {
        MemorySegment state = NativeBinder.state();
        event.set(JAVA_INT, 0, EPOLLIN);
        try {
            int returned = (int) CONTROL.invokeExact(state, descriptor, EPOLL_CTL_ADD, file, event);
            SystemCallException.check(NativeBinder.result(returned, state), "epoll_ctl", "descriptor " + file);
        } catch (SystemCallException e) {
            throw e;
        } catch (Throwable t) {
            throw NativeBinder.broken("epoll_ctl", t);
        }
    }

    /// Waits until one of the files has something; which one is not told. May return early. Takes no memory.
    public void await() {
        HeaplessCalls.awaitOne(descriptor, event.address());
    }

    @Override
    public void close() {
        FileCalls.close(descriptor);
    }
}
