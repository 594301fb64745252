package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// System calls on files: open, read, write, close. Results below 0 are negative error numbers, see [Errno].
public final class FileCalls {
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle OPEN =
            NativeBinder.variadicSystemCall("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE =
            NativeBinder.systemCall("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ = NativeBinder.systemCall("read", TRANSFER);

    private FileCalls() {}

    /// Linked by the first who writes.
    private static final class Writing {
        static final MethodHandle WRITE = NativeBinder.systemCall("write", TRANSFER);
        static final MethodHandle WRITE_UNHEARD = NativeBinder.function("write", TRANSFER);
        static final MethodHandle WRITEV =
                NativeBinder.systemCall("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    }

    /// Linked by the first who changes a descriptor, or talks to a device.
    private static final class Control {
        static final MethodHandle FCNTL = NativeBinder.variadicSystemCall(
                "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
        static final MethodHandle IOCTL = NativeBinder.variadicSystemCall(
                "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    }

    /// Opens a file.
    ///
    /// @param path  of the file
    /// @param flags of [OpenFlags]
    /// @param mode  of a file that is made
    /// @return its descriptor, or a negative error number
    public static int open(Path path, int flags, int mode) {
        MemorySegment state = NativeBinder.state();
        try (Arena arena = Arena.ofConfined()) {
            int returned = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags, mode);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("open", t);
        }
    }

    /// Closes a descriptor.
    ///
    /// @param descriptor of an open file
    /// @return 0, or a negative error number
    public static int close(int descriptor) {
        MemorySegment state = NativeBinder.state();
        try {
            return (int) NativeBinder.result((int) CLOSE.invokeExact(state, descriptor), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("close", t);
        }
    }

    /// Reads from a file.
    ///
    /// @param descriptor of an open file
    /// @param target     native memory
    /// @param length     bytes at most
    /// @return how many bytes were read, or a negative error number
    public static long read(int descriptor, MemorySegment target, long length) {
        MemorySegment state = NativeBinder.state();
        try {
            return NativeBinder.result((long) READ.invokeExact(state, descriptor, target, length), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("read", t);
        }
    }

    /// Writes to a file.
    ///
    /// @param descriptor of an open file
    /// @param source     native memory
    /// @param length     bytes
    /// @return how many bytes were written, or a negative error number
    public static long write(int descriptor, MemorySegment source, long length) {
        MemorySegment state = NativeBinder.state();
        try {
            return NativeBinder.result((long) Writing.WRITE.invokeExact(state, descriptor, source, length), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("write", t);
        }
    }

    /// Writes to a file, whatever becomes of it. For threads that are not ours: they need nothing of their own for it.
    ///
    /// @param descriptor of an open file
    /// @param source     native memory
    public static void writeUnheard(int descriptor, MemorySegment source) {
        try {
            long ignored = (long) Writing.WRITE_UNHEARD.invokeExact(descriptor, source, source.byteSize());
        } catch (Throwable t) {
            throw NativeBinder.broken("write", t);
        }
    }

    /// Writes several pieces at once.
    ///
    /// @param descriptor of an open file
    /// @param vectors    array of `struct iovec`
    /// @param count      of its elements
    /// @return how many bytes were written, or a negative error number
    public static long writev(int descriptor, MemorySegment vectors, int count) {
        MemorySegment state = NativeBinder.state();
        try {
            return NativeBinder.result((long) Writing.WRITEV.invokeExact(state, descriptor, vectors, count), state);
        } catch (Throwable t) {
            throw NativeBinder.broken("writev", t);
        }
    }

    /// Changes a descriptor.
    ///
    /// @param descriptor of an open file
    /// @param command    `F_...`
    /// @param argument   depends on the command
    /// @return depends on the command, or a negative error number
    public static int fcntl(int descriptor, int command, int argument) {
        MemorySegment state = NativeBinder.state();
        try {
            int returned = (int) Control.FCNTL.invokeExact(state, descriptor, command, argument);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("fcntl", t);
        }
    }

    /// Asks a device for something.
    ///
    /// @param descriptor of an open device
    /// @param command    what
    /// @param argument   depends on the command
    /// @return depends on the command, or a negative error number
    public static int ioctl(int descriptor, long command, MemorySegment argument) {
        MemorySegment state = NativeBinder.state();
        try {
            int returned = (int) Control.IOCTL.invokeExact(state, descriptor, command, argument);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("ioctl", t);
        }
    }
}
