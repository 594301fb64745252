package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.MemoryCalls;
import org.relayfs.linux.OpenFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tmpfs files behind mappings of relay files, registered with the kernel. Any thread may call.
public final class BackingFiles {
    private static final Logger LOG = LoggerFactory.getLogger(BackingFiles.class);

    private final int device;
    private final Handshake handshake;

    /// @param device    descriptor of /dev/fuse
    /// @param handshake knows whether mappings lead to backing files
    public BackingFiles(int device, Handshake handshake) {
        this.device = device;
        this.handshake = handshake;
    }

    /// Tries it with a file of its own. Only the kernel's consent after INIT makes it possible.
    ///
    /// @return true if files can be registered: the kernel supports it, and this process may do it
    public boolean areAccepted() {
        int file = MemoryCalls.memoryFile("relayfs-probe");
        int id = file < 0 ? file : registerAndClose(file);
        if (id > 0) {
            unregister(id);
        } else {
            LOG.debug("passthrough is not available: {}", Errno.text(id));
        }
        return id > 0;
    }

    /// @param path a data file
    /// @return its number in the kernel, or 0 if it cannot be registered
    int register(Path path) {
        if (handshake.mmapMode() != MmapMode.PASSTHROUGH) {
            return 0;
        }
        int file = FileCalls.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0);
        int id = file < 0 ? file : registerAndClose(file);
        if (Errno.ENOENT.is(file)) {
            LOG.debug("{}: its channel was destroyed while a file of it was being opened", path);
        } else if (id <= 0) {
            LOG.warn("{} cannot be mapped directly: {}", path, Errno.text(id));
        }
        return Math.max(id, 0);
    }

    private int registerAndClose(int file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(FuseProtocol.BACKING_OPEN_SIZE, Long.BYTES);
            map.set(JAVA_INT, 0, file);
            return FileCalls.ioctl(device, FuseProtocol.BACKING_OPEN, map);
        } finally {
            FileCalls.close(file);
        }
    }

    void unregister(int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(JAVA_INT, id);
            FileCalls.ioctl(device, FuseProtocol.BACKING_CLOSE, number);
        }
    }
}
