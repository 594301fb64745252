package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A shared library other than the C library, loaded for the life of the process. Its functions are looked up by name
/// and version, which the JDK's own look-up cannot.
public final class NativeLibrary {
    private static final int RTLD_NOW = 2;

    private final String name;
    private final MemorySegment handle;

    private NativeLibrary(String name, MemorySegment handle) {
        this.name = name;
        this.handle = handle;
    }

    /// Linked by the first who loads a library.
    private static final class Loader {
        static final MethodHandle DLOPEN =
                NativeBinder.function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle DLVSYM =
                NativeBinder.function("dlvsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    /// Loads a library.
    ///
    /// @param name as the dynamic linker looks for it
    /// @return the library
    /// @throws IOException it is not installed
    public static NativeLibrary load(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) Loader.DLOPEN.invokeExact(arena.allocateFrom(name), RTLD_NOW);
            if (handle.address() == 0) {
                throw new IOException(name + " cannot be loaded");
            }
            return new NativeLibrary(name, handle);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw NativeBinder.broken("dlopen", t);
        }
    }

    /// Binds a function.
    ///
    /// @param function its name
    /// @param version  of the interface
    /// @param shape    its arguments and result
    /// @return its handle
    /// @throws LinkageError the library has no such function
    public MethodHandle function(String function, String version, FunctionDescriptor shape) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = (MemorySegment)
                    Loader.DLVSYM.invokeExact(handle, arena.allocateFrom(function), arena.allocateFrom(version));
            if (address.address() == 0) {
                throw new LinkageError(name + " has no " + function + " of version " + version);
            }
            return NativeBinder.function(address, shape);
        } catch (Throwable t) {
            throw NativeBinder.broken("dlvsym", t);
        }
    }
}
