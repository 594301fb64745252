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

/// Registers with the kernel the tmpfs files that mappings of relay files lead to. Whether it may is found out
/// once, after INIT, with a file of its own. Any thread may call.
public final class BackingFiles {
    private static final Logger LOG = LoggerFactory.getLogger(BackingFiles.class);

    private final int device;
    private final Handshake handshake;
    private final MmapMode wanted;
    /// Guarded by this until it is set.
    private volatile MmapMode mode;

    /// @param device    descriptor of /dev/fuse
    /// @param handshake knows what the kernel takes
    /// @param wanted    mode that the mount options ask for
    public BackingFiles(int device, Handshake handshake, MmapMode wanted) {
        this.device = device;
        this.handshake = handshake;
        this.wanted = wanted;
    }

    /// @return the mode in force: any but [MmapMode#AUTO]. Ask after INIT.
    public MmapMode mode() {
        if (mode == null) {
            synchronized (this) {
                if (mode == null) {
                    mode = decide();
                }
            }
        }
        return mode;
    }

    private MmapMode decide() {
        if (wanted == MmapMode.OFF || wanted == MmapMode.CACHED) {
            return wanted;
        }
        return handshake.passthrough() && probe() ? MmapMode.PASSTHROUGH : MmapMode.CACHED;
    }

    private boolean probe() {
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
    /// @return the kernel's number for it, or 0 when it cannot be had
    int register(Path path) {
        if (mode() != MmapMode.PASSTHROUGH) {
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
