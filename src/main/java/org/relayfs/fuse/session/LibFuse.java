package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.relayfs.linux.NativeLibrary;

/// The functions of libfuse 2 around its public extension point, the channel. jnr-fuse knows none of them.
final class LibFuse {
    private static final String LIBRARY = "libfuse.so.2";
    /// `struct fuse_chan_ops`: receive, send, destroy.
    private static final long CHANNEL_OPERATIONS_SIZE = 24;

    private static final long CHANNEL_SEND_OFFSET = 8;
    /// `struct fuse_args`: int argc; char **argv; int allocated.
    private static final long ARGS_SIZE = 24;

    private final MethodHandle mount;
    private final MethodHandle newFuse;
    private final MethodHandle getSession;
    private final MethodHandle channelFd;
    private final MethodHandle newChannel;
    private final MethodHandle destroyChannel;
    private final MethodHandle process;
    private final MethodHandle exit;
    private final MethodHandle destroy;
    private final MethodHandle freeArgs;

    private LibFuse(NativeLibrary library) {
        mount = library.function("fuse_mount", "FUSE_2.6", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        // Without the version, dlsym finds the function of an older interface, which refuses the options used
        // here.
        newFuse = library.function(
                "fuse_new", "FUSE_2.6", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        getSession = library.function("fuse_get_session", "FUSE_2.6", FunctionDescriptor.of(ADDRESS, ADDRESS));
        channelFd = library.function("fuse_chan_fd", "FUSE_2.4", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        newChannel = library.function(
                "fuse_chan_new", "FUSE_2.6", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS));
        destroyChannel = library.function("fuse_chan_destroy", "FUSE_2.4", FunctionDescriptor.ofVoid(ADDRESS));
        process = library.function(
                "fuse_session_process", "FUSE_2.4", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        exit = library.function("fuse_session_exit", "FUSE_2.4", FunctionDescriptor.ofVoid(ADDRESS));
        destroy = library.function("fuse_destroy", "FUSE_2.2", FunctionDescriptor.ofVoid(ADDRESS));
        freeArgs = library.function("fuse_opt_free_args", "FUSE_2.5", FunctionDescriptor.ofVoid(ADDRESS));
    }

    private static final class Holder {
        private static final LibFuse INSTANCE;
        private static final String PROBLEM;

        static {
            LibFuse loaded = null;
            String problem = null;
            try {
                loaded = new LibFuse(open());
            } catch (IOException e) {
                problem = e.getMessage();
            }
            INSTANCE = loaded;
            PROBLEM = problem;
        }
    }

    /// @return the library, loaded once a process
    /// @throws IOException it is missing, or is too old
    static LibFuse load() throws IOException {
        if (Holder.INSTANCE == null) {
            throw new IOException(Holder.PROBLEM);
        }
        return Holder.INSTANCE;
    }

    private static NativeLibrary open() throws IOException {
        try {
            return NativeLibrary.load(LIBRARY);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + ": install libfuse 2 (Debian: libfuse2)", e);
        }
    }

    /// Mounts, and creates the file-system object that answers the requests handed to it.
    ///
    /// @param mountPoint absolute path
    /// @param arguments  the program's name, then options
    /// @param operations native copy of `struct fuse_operations`
    /// @return what was made
    /// @throws IOException it cannot be mounted, or an option is unknown; libfuse has written why to standard
    ///     error
    Mounted mount(String mountPoint, List<String> arguments, MemorySegment operations) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment args = arguments(arena, arguments);
            try {
                MemorySegment channel = (MemorySegment) mount.invokeExact(arena.allocateFrom(mountPoint), args);
                if (channel.address() == 0) {
                    throw new IOException("fuse_mount: " + mountPoint + ": refused by libfuse; its message is above");
                }
                MemorySegment fuse = (MemorySegment)
                        newFuse.invokeExact(channel, args, operations, operations.byteSize(), MemorySegment.NULL);
                if (fuse.address() == 0) {
                    destroyChannel.invokeExact(channel);
                    throw new IOException("fuse_new: " + arguments + ": refused by libfuse; its message is above");
                }
                MemorySegment session = (MemorySegment) getSession.invokeExact(fuse);
                return new Mounted(fuse, session, (int) channelFd.invokeExact(channel));
            } finally {
                freeArgs.invokeExact(args);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new LinkageError("fuse_mount", t);
        }
    }

    /// @param fuse    `struct fuse *`
    /// @param session `struct fuse_session *`
    /// @param device  descriptor of /dev/fuse
    record Mounted(MemorySegment fuse, MemorySegment session, int device) {}

    private static MemorySegment arguments(Arena arena, List<String> arguments) {
        MemorySegment array = arena.allocate(ADDRESS, arguments.size() + 1L);
        for (int i = 0; i < arguments.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i)));
        }
        MemorySegment args = arena.allocate(ARGS_SIZE, Long.BYTES);
        args.set(JAVA_INT, 0, arguments.size());
        args.set(ADDRESS, 8, array);
        return args;
    }

    /// @param arena      its memory
    /// @param send       upcall `int send(struct fuse_chan *, const struct iovec *, size_t)`
    /// @param device     descriptor of /dev/fuse
    /// @param bufferSize of the thread that uses the channel
    /// @return `struct fuse_chan *`, to be given back by [#destroyChannel(MemorySegment)]
    MemorySegment newChannel(Arena arena, MemorySegment send, int device, long bufferSize) {
        try {
            MemorySegment operations = arena.allocate(CHANNEL_OPERATIONS_SIZE, Long.BYTES);
            operations.set(ADDRESS, CHANNEL_SEND_OFFSET, send);
            MemorySegment channel =
                    (MemorySegment) newChannel.invokeExact(operations, device, bufferSize, MemorySegment.NULL);
            if (channel.address() == 0) {
                throw new OutOfMemoryError("fuse_chan_new");
            }
            return channel;
        } catch (Error e) {
            throw e;
        } catch (Throwable t) {
            throw new LinkageError("fuse_chan_new", t);
        }
    }

    void destroyChannel(MemorySegment channel) {
        try {
            destroyChannel.invokeExact(channel);
        } catch (Throwable t) {
            throw new LinkageError("fuse_chan_destroy", t);
        }
    }

    /// Answers one request; the reply goes to `channel`.
    void process(MemorySegment session, MemorySegment request, long length, MemorySegment channel) {
        try {
            process.invokeExact(session, request, length, channel);
        } catch (Throwable t) {
            throw new LinkageError("fuse_session_process", t);
        }
    }

    /// Ends the session, closes the device and frees everything. No thread may be in [#process] any more.
    void destroy(Mounted mounted) {
        try {
            exit.invokeExact(mounted.session());
            destroy.invokeExact(mounted.fuse());
        } catch (Throwable t) {
            throw new LinkageError("fuse_destroy", t);
        }
    }
}
