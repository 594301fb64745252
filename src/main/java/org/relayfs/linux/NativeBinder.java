package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Binds native functions to method handles. The only class that uses the JDK's linker.
///
/// One convention for system calls: a method returns the kernel's answer, or the negative error number when the call
/// failed, as [Errno] reads it. [SystemCallException#check] turns that into an exception.
///
/// Linking a function takes a short command a noticeable part of its time, so the classes that hold handles are small
/// and each links only what those who use it need. Functions of the same shape share most of that work.
public final class NativeBinder {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup C_LIBRARY = LINKER.defaultLookup();
    private static final Linker.Option CAPTURES_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /// Receives errno. A thread keeps its own, so that a call needs no memory: the session goes on without any.
    private static final ThreadLocal<MemorySegment> STATES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private NativeBinder() {}

    /// Binds a function of the C library that sets errno. The handle's first argument is [#state()].
    static MethodHandle systemCall(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(C_LIBRARY.findOrThrow(name), shape, CAPTURES_ERRNO);
    }

    /// Binds a function of the C library that sets errno and takes a variable number of arguments.
    ///
    /// @param firstVariadic index of the first argument that is not declared
    static MethodHandle variadicSystemCall(String name, FunctionDescriptor shape, int firstVariadic) {
        return LINKER.downcallHandle(
                C_LIBRARY.findOrThrow(name), shape, CAPTURES_ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /// Binds a function of the C library that cannot fail, or whose failure is of no interest.
    static MethodHandle function(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(C_LIBRARY.findOrThrow(name), shape);
    }

    /// Binds such a function that takes a variable number of arguments.
    static MethodHandle variadicFunction(String name, FunctionDescriptor shape, int firstVariadic) {
        return LINKER.downcallHandle(C_LIBRARY.findOrThrow(name), shape, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /// Binds a function of the C library that never blocks and takes less time than the transition to native state.
    static MethodHandle briefFunction(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(C_LIBRARY.findOrThrow(name), shape, Linker.Option.critical(false));
    }

    /// Binds a function of another library.
    static MethodHandle function(MemorySegment address, FunctionDescriptor shape) {
        return LINKER.downcallHandle(address, shape);
    }

    /// {@return the address of a function or variable of the C library, if it has one of that name}
    static Optional<MemorySegment> symbol(String name) {
        return C_LIBRARY.find(name);
    }

    /// Makes a function that native code can call.
    ///
    /// @param target what it does; no exception may leave it
    /// @param shape  its arguments and result
    /// @param arena  as long as it is open, the function can be called
    /// @return address of the function
    public static MemorySegment upcall(MethodHandle target, FunctionDescriptor shape, Arena arena) {
        return LINKER.upcallStub(target, shape, arena);
    }

    /// {@return where the calling thread receives errno}
    static MemorySegment state() {
        return STATES.get();
    }

    /// {@return the result of a call, or the negative errno if it is -1}
    ///
    /// @param state that the call was given
    static long result(long returned, MemorySegment state) {
        return returned == -1 ? -state.get(JAVA_INT, ERRNO_OFFSET) : returned;
    }

    /// {@return what to throw when the invocation itself fails; an Error, such as a lack of memory, stays what it is}
    static LinkageError broken(String name, Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return new LinkageError(name, t);
    }
}
