package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of the session. A failure is returned as the negative errno, as the kernel does it.
///
/// An object belongs to one thread: it holds the memory that receives `errno`.
public final class SystemCalls {
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    static final int EINVAL = 22;
    public static final int ECONNABORTED = 103;
    public static final int ENOTCONN = 107;

    public static final int O_RDONLY = 0;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_DIRECTORY = "aarch64".equals(System.getProperty("os.arch")) ? 040000 : 0200000;
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;
    public static final int EPOLLIN = 1;

    private static final int F_SETFD = 2;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int O_RDWR = 2;
    private static final int EFD_FLAGS = O_NONBLOCK | O_CLOEXEC;
    private static final int MFD_CLOEXEC = 1;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_EVENT_BYTES = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle READ =
            call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITEV =
            call("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle OPEN =
            call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL =
            call("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle IOCTL =
            call("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    private static final MethodHandle EVENTFD = call("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle WRITE_UNCHECKED = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("write"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MEMFD_CREATE =
            call("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle EPOLL_CREATE = call("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CTL =
            call("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EPOLL_WAIT =
            call("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle UMOUNT2 = call("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETEUID =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("geteuid"), FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETPAGESIZE =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("getpagesize"), FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private final MemorySegment state;
    private final MemorySegment scratch;

    /// @param arena as long as it is open, the object can be used
    public SystemCalls(Arena arena) {
        state = arena.allocate(CAPTURE);
        scratch = arena.allocate(EPOLL_EVENT_BYTES * 2L, Long.BYTES);
    }

    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle call(String name, FunctionDescriptor descriptor, int firstVariadic) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    public long read(int fd, MemorySegment target, long length) {
        try {
            return orErrno((long) READ.invokeExact(state, fd, target, length));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public long write(int fd, MemorySegment source, long length) {
        try {
            return orErrno((long) WRITE.invokeExact(state, fd, source, length));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// For any thread, whatever becomes of it.
    public static void writeUnchecked(int fd, MemorySegment source) {
        try {
            long ignored = (long) WRITE_UNCHECKED.invokeExact(fd, source, source.byteSize());
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public long writev(int fd, MemorySegment vectors, int count) {
        try {
            return orErrno((long) WRITEV.invokeExact(state, fd, vectors, count));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int close(int fd) {
        try {
            return (int) orErrno((int) CLOSE.invokeExact(state, fd));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// Reads and writes on `fd` shall not wait, and no child process shall inherit it.
    public int setNonBlocking(int fd) {
        try {
            int flags = (int) orErrno((int) FCNTL.invokeExact(state, fd, F_SETFL, O_RDWR | O_NONBLOCK));
            return flags < 0 ? flags : (int) orErrno((int) FCNTL.invokeExact(state, fd, F_SETFD, FD_CLOEXEC));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int ioctl(int fd, long command, MemorySegment argument) {
        try {
            return (int) orErrno((int) IOCTL.invokeExact(state, fd, command, argument));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// A file in memory that has no name and lives as long as it is open.
    public int memoryFile(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), MFD_CLOEXEC));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int eventfd() {
        try {
            return (int) orErrno((int) EVENTFD.invokeExact(state, 0, EFD_FLAGS));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// Makes an eventfd readable for good: nobody reads it.
    public void signal(int eventfd) {
        scratch.set(JAVA_LONG, 0, 1L);
        write(eventfd, scratch, Long.BYTES);
    }

    public int epollCreate() {
        try {
            return (int) orErrno((int) EPOLL_CREATE.invokeExact(state, O_CLOEXEC));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int epollAdd(int epoll, int fd, int events) {
        try {
            scratch.set(JAVA_INT, 0, events);
            return (int) orErrno((int) EPOLL_CTL.invokeExact(state, epoll, EPOLL_CTL_ADD, fd, scratch));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// Waits without a limit until one of the descriptors has something; which one is not told.
    public int epollWait(int epoll) {
        try {
            return (int) orErrno((int) EPOLL_WAIT.invokeExact(state, epoll, scratch, 1, -1));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public int umount(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) UMOUNT2.invokeExact(state, arena.allocateFrom(path), flags));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public static boolean isRoot() {
        try {
            return (int) GETEUID.invokeExact() == 0;
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    public static int pageSize() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /// @param negative a result of one of these calls
    /// @return its text, for messages
    public static String errorText(long negative) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact((int) -negative);
            return text.reinterpret(256).getString(0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    private long orErrno(long result) {
        return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    }

    private static LinkageError broken(Throwable t) {
        return new LinkageError("system call", t);
    }
}
