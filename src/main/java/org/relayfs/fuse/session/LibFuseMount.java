package org.relayfs.fuse.session;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// A file system that libfuse has mounted. Any thread may call, until it is destroyed.
final class LibFuseMount {
    private static final int F_SETFD = 2;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final long OPERATIONS_SIZE = 1024;

    private final LibFuse libFuse;
    private final LibFuse.Mounted mounted;

    private LibFuseMount(LibFuse libFuse, LibFuse.Mounted mounted) {
        this.libFuse = libFuse;
        this.mounted = mounted;
    }

    /// Mounts.
    ///
    /// @param mountPoint absolute path
    /// @param arguments  the program's name, then options
    /// @param control    what libfuse calls
    /// @return the file system; nothing is answered yet
    /// @throws IOException it cannot be mounted
    static LibFuseMount open(String mountPoint, List<String> arguments, ControlPlane control) throws IOException {
        LibFuse libFuse = LibFuse.load();
        LibFuseMount mount;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment operations = arena.allocate(OPERATIONS_SIZE, Long.BYTES);
            long size = control.copyOperations(operations);
            mount = new LibFuseMount(libFuse, libFuse.mount(mountPoint, arguments, operations.asSlice(0, size)));
        }
        try {
            mount.setNonBlocking();
        } catch (IOException e) {
            mount.destroy();
            throw e;
        }
        return mount;
    }

    /// Reads and writes on the device shall not wait, and no child process shall inherit it.
    private void setNonBlocking() throws SystemCallException {
        int device = mounted.device();
        SystemCallException.check(
                FileCalls.fcntl(device, F_SETFL, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK), "F_SETFL", "/dev/fuse");
        SystemCallException.check(FileCalls.fcntl(device, F_SETFD, FD_CLOEXEC), "F_SETFD", "/dev/fuse");
    }

    /// {@return descriptor of /dev/fuse}
    int device() {
        return mounted.device();
    }

    /// {@return `struct fuse_chan *`, to be given back by [#destroyChannel(MemorySegment)]}
    ///
    /// @param arena      its memory
    /// @param send       upcall `int send(struct fuse_chan *, const struct iovec *, size_t)`
    /// @param bufferSize of the thread that uses the channel
    MemorySegment newChannel(Arena arena, MemorySegment send, long bufferSize) {
        return libFuse.newChannel(arena, send, mounted.device(), bufferSize);
    }

    void destroyChannel(MemorySegment channel) {
        libFuse.destroyChannel(channel);
    }

    /// Answers one request; the reply goes to `channel`.
    void process(FuseRequest request, MemorySegment channel) {
        libFuse.process(mounted.session(), request.buffer(), request.length(), channel);
    }

    /// Closes the device and frees everything. No thread may be in [#process] any more.
    void destroy() {
        libFuse.destroy(mounted);
    }
}
