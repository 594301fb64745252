package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls on the memory of files: its size, and its mapping. Results below 0 are negative error numbers, see
/// [Errno].
public final class MemoryCalls {
    /// Others see what is stored, and so does the file; it can be stored to.
    public static final int SHARED_WRITABLE = 0;
    /// As [#SHARED_WRITABLE], with every page there at once.
    public static final int SHARED_POPULATED = 1;
    /// Cannot be stored to: what every version of FUSE can map.
    public static final int PRIVATE_READ_ONLY = 2;
    /// What others store is seen; it cannot be stored to.
    public static final int SHARED_READ_ONLY = 3;

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;
    private static final int MFD_CLOEXEC = 1;

    private static final MethodHandle MMAP = NativeBinder.systemCall(
            "mmap", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            NativeBinder.systemCall("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private MemoryCalls() {}

    /// Linked by the first who gives a file its size.
    private static final class Sizing {
        static final MethodHandle FTRUNCATE =
                NativeBinder.systemCall("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle POSIX_FALLOCATE = NativeBinder.function(
                "posix_fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    /// Linked by the first who needs a file without a name.
    private static final class Nameless {
        static final MethodHandle MEMFD_CREATE =
                NativeBinder.systemCall("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// Gives a file another length.
    ///
    /// @param descriptor open for writing
    /// @param length     bytes
    /// @return 0, or a negative error number
    public static int truncate(int descriptor, long length) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) Sizing.FTRUNCATE.invokeExact(state, descriptor, length), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("ftruncate", t);
        }
    }

    /// Gives a part of a file its memory.
    ///
    /// @param descriptor open for writing
    /// @param offset     first byte
    /// @param length     bytes
    /// @return 0, or a negative error number
    public static int allocate(int descriptor, long offset, long length) {
        try {
            return -(int) Sizing.POSIX_FALLOCATE.invokeExact(descriptor, offset, length);
        } catch (Throwable t) {
            throw NativeBinder.broken("posix_fallocate", t);
        }
    }

    /// Maps a file from its start.
    ///
    /// @param descriptor of an open file
    /// @param length     bytes
    /// @param kind       [#SHARED_WRITABLE], [#SHARED_POPULATED], [#PRIVATE_READ_ONLY] or [#SHARED_READ_ONLY]
    /// @return the address, or a negative error number
    public static long map(int descriptor, long length, int kind) {
        MemorySegment state = NativeBinder.state();
        boolean readOnly = kind == PRIVATE_READ_ONLY || kind == SHARED_READ_ONLY;
        int protection = readOnly ? PROT_READ : PROT_READ | PROT_WRITE;
        int flags = switch (kind) {
            case PRIVATE_READ_ONLY -> MAP_PRIVATE;
            case SHARED_POPULATED -> MAP_SHARED | MAP_POPULATE;
            default -> MAP_SHARED;
        };
        try {
            return NativeBinder.result(
                    (long) MMAP.invokeExact(state, MemorySegment.NULL, length, protection, flags, descriptor, 0L),
                    state);
        } catch (Throwable t) {
            throw NativeBinder.broken("mmap", t);
        }
    }

    /// Makes memory that takes none before it is used, page by page; an arena fills its own with zeros, and has it
    /// then.
    ///
    /// @param length bytes
    /// @param arena  as long as it is open, the memory can be used
    /// @return zeros
    /// @throws OutOfMemoryError there is none
    public static MemorySegment allocateLazily(long length, Arena arena) {
        MemorySegment state = NativeBinder.state();
        long address;
        try {
            long returned = (long) MMAP.invokeExact(
                    state, MemorySegment.NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
            address = NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("mmap", t);
        }
        if (address < 0) {
            throw new OutOfMemoryError("mmap of " + length + " bytes: " + Errno.text(address));
        }
        return MemorySegment.ofAddress(address).reinterpret(length, arena, MemoryCalls::unmap);
    }

    /// Maps a file from its start. The mapping lives as long as the segment, or one made from it, is reachable.
    ///
    /// @param descriptor of an open file
    /// @param length     bytes
    /// @param kind       [#SHARED_WRITABLE], [#SHARED_POPULATED], [#PRIVATE_READ_ONLY] or [#SHARED_READ_ONLY]
    /// @param object     what is mapped, for messages
    /// @param unmapped   run after its end; must not lead to it
    /// @return the mapping
    /// @throws SystemCallException it cannot be mapped
    public static MemorySegment mapWhileReachable(
            int descriptor, long length, int kind, Object object, Runnable unmapped) throws SystemCallException {
        long address = map(descriptor, length, kind);
        SystemCallException.check(address, "mmap of " + length + " bytes", object);
        return MemorySegment.ofAddress(address).reinterpret(length, Arena.ofAuto(), mapping -> {
            unmap(mapping);
            unmapped.run();
        });
    }

    /// Ends a mapping. Whoever uses its addresses afterwards ends the process.
    ///
    /// @param mapping all of it
    /// @return 0, or a negative error number
    public static int unmap(MemorySegment mapping) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) MUNMAP.invokeExact(state, mapping, mapping.byteSize()), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("munmap", t);
        }
    }

    /// Makes a file in memory that has no name and lives as long as it is open.
    ///
    /// @param name what it is called in `/proc`
    /// @return its descriptor, or a negative error number
    public static int memoryFile(String name) {
        MemorySegment state = NativeBinder.state();
        try (Arena arena = Arena.ofConfined()) {
            int returned = (int) Nameless.MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), MFD_CLOEXEC);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("memfd_create", t);
        }
    }
}
