package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of a client of relay files. Apart from [Libc], because linking calls takes a short command a
/// noticeable part of its time. Every result below 0 is a negative errno.
public final class ClientCalls {
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int O_NONBLOCK = 04000;
    static final int MAP_PRIVATE = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = downcall(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = downcall("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            downcall("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private ClientCalls() {}

    /// Linked by the first who waits.
    private static final class Waiting {
        static final MethodHandle POLL =
                downcall("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        static final MethodHandle EVENTFD = downcall("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle EVENTFD_WRITE =
                downcall("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    }

    /// Linked by the first who maps.
    private static final class Mapping {
        static final MethodHandle MMAP = downcall(
                "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle MUNMAP = downcall("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    /// Linked by the first who asks a terminal.
    private static final class Terminal {
        private static final long TIOCGWINSZ = 0x5413;
        static final MethodHandle IOCTL = downcall(
                "ioctl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                Linker.Option.firstVariadicArg(2));
    }

    private static MethodHandle downcall(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    private static int result(long returned, MemorySegment state) {
        return returned < 0 ? -(int) ERRNO.get(state, 0L) : (int) returned;
    }

    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            return result((int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0), state);
        } catch (Throwable t) {
            throw new LinkageError("open", t);
        }
    }

    public static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(CAPTURE), descriptor);
        } catch (Throwable t) {
            throw new LinkageError("close", t);
        }
    }

    public static int read(int descriptor, MemorySegment target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            return result((long) READ.invokeExact(state, descriptor, target, target.byteSize()), state);
        } catch (Throwable t) {
            throw new LinkageError("read", t);
        }
    }

    public static int poll(MemorySegment entries, long count, int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            return result((int) Waiting.POLL.invokeExact(state, entries, count, timeoutMs), state);
        } catch (Throwable t) {
            throw new LinkageError("poll", t);
        }
    }

    public static int eventfd() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            return result((int) Waiting.EVENTFD.invokeExact(state, 0, Libc.O_CLOEXEC | O_NONBLOCK), state);
        } catch (Throwable t) {
            throw new LinkageError("eventfd", t);
        }
    }

    public static void ring(int eventfd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) Waiting.EVENTFD_WRITE.invokeExact(arena.allocate(CAPTURE), eventfd, 1L);
        } catch (Throwable t) {
            throw new LinkageError("eventfd_write", t);
        }
    }

    public static int windowSize(int descriptor, MemorySegment size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            return result((int) Terminal.IOCTL.invokeExact(state, descriptor, Terminal.TIOCGWINSZ, size), state);
        } catch (Throwable t) {
            throw new LinkageError("ioctl", t);
        }
    }

    /// Maps read-only and private: what every version of FUSE can do. The mapping lives as long as the segment is
    /// reachable.
    public static MemorySegment map(int descriptor, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            MemorySegment address = (MemorySegment) Mapping.MMAP.invokeExact(
                    state, MemorySegment.NULL, length, Libc.PROT_READ, MAP_PRIVATE, descriptor, 0L);
            if (address.address() == -1) {
                throw new IOException("mmap of " + length + " bytes: " + Libc.errorText(-result(-1, state)));
            }
            return address.reinterpret(length, Arena.ofAuto(), ClientCalls::unmap);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new LinkageError("mmap", t);
        }
    }

    private static void unmap(MemorySegment mapping) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) Mapping.MUNMAP.invokeExact(arena.allocate(CAPTURE), mapping, mapping.byteSize());
        } catch (Throwable t) {
            throw new LinkageError("munmap", t);
        }
    }
}
