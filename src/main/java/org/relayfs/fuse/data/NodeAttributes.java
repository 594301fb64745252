package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.WireAttributes;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.TreeSpace;
import org.relayfs.tree.access.Attributes;

/// Answers GETATTR, SETATTR, ACCESS and STATFS.
final class NodeAttributes {
    private static final int NAME_MAX = 255;

    private final MountOptions options;
    private final Handshake handshake;
    private final Supplier<TreeSpace> space;

    /// @param options   of the mount
    /// @param handshake knows how relay files are mapped
    /// @param space     how much there is
    NodeAttributes(MountOptions options, Handshake handshake, Supplier<TreeSpace> space) {
        this.space = space;
        this.options = options;
        this.handshake = handshake;
    }

    void get(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        // lseek(SEEK_END) asks by open file, fstat does not; open(O_TRUNC) does when there may be bits to take away.
        boolean byOpenFile = (request.intAt(FuseProtocol.GETATTR_FLAGS) & FuseProtocol.GETATTR_FH_SET) != 0;
        if (byOpenFile && !node.file().attributes().hasSetIds()) {
            throw new ErrnoException(Errno.ESPIPE, "a relay file has no end to seek to");
        }
        send(request, node, tools);
    }

    void set(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        node.file().setAttributes(WireAttributes.change(request), request.caller(options.defaultPermissions()));
        send(request, node, tools);
    }

    private void send(FuseRequest request, RelayNode node, ThreadTools tools) {
        MemorySegment body = tools.replies().newBody(FuseProtocol.ATTR_OUT_SIZE);
        put(body.asSlice(FuseProtocol.ATTR_OUT_ATTR), node);
        tools.replies().body(request.unique(), FuseProtocol.ATTR_OUT_SIZE);
    }

    /// Writes a `struct fuse_attr`.
    ///
    /// @param target begins with it
    /// @param node   what it shows
    void put(MemorySegment target, RelayNode node) {
        Attributes attributes = node.file().attributes();
        boolean cached = handshake.mmapMode() == MmapMode.CACHED;
        long size = cached ? Math.max(attributes.size(), node.buffer().dataSize()) : attributes.size();
        WireAttributes.put(target, attributes, size);
    }

    void access(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        node.file().checkAccess(request.intAt(FuseProtocol.ACCESS_MASK), request.caller(options.defaultPermissions()));
        tools.replies().empty(request.unique());
    }

    void statistics(FuseRequest request, RelayNode ignoredNode, ThreadTools tools) {
        MemorySegment body = tools.replies().newBody(FuseProtocol.STATFS_SIZE);
        TreeSpace now = space.get();
        body.set(JAVA_LONG, FuseProtocol.STATFS_BLOCKS, now.totalBytes() / WireAttributes.BLOCK_SIZE);
        body.set(JAVA_LONG, FuseProtocol.STATFS_FREE, now.freeBytes() / WireAttributes.BLOCK_SIZE);
        body.set(JAVA_LONG, FuseProtocol.STATFS_AVAILABLE, now.freeBytes() / WireAttributes.BLOCK_SIZE);
        body.set(JAVA_LONG, FuseProtocol.STATFS_FILES, now.directories());
        body.set(JAVA_LONG, FuseProtocol.STATFS_FREE_FILES, now.freeDirectories());
        body.set(JAVA_INT, FuseProtocol.STATFS_BLOCK_SIZE, WireAttributes.BLOCK_SIZE);
        body.set(JAVA_INT, FuseProtocol.STATFS_FRAGMENT_SIZE, WireAttributes.BLOCK_SIZE);
        body.set(JAVA_INT, FuseProtocol.STATFS_NAME_LENGTH, NAME_MAX);
        tools.replies().body(request.unique(), FuseProtocol.STATFS_SIZE);
    }
}
