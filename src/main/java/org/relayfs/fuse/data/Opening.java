package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.linux.OpenFlags;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.OpenFileLimit;

/// Answers OPEN and RELEASE.
final class Opening {
    private final MountOptions options;
    private final Handshake handshake;
    private final OpenFileLimit limit;
    private final NodeTable nodes;
    private final AtomicLong handles = new AtomicLong();

    /// @param options   of the mount
    /// @param handshake knows how relay files are mapped
    /// @param limit     of open files
    /// @param nodes     that the kernel knows
    Opening(MountOptions options, Handshake handshake, OpenFileLimit limit, NodeTable nodes) {
        this.options = options;
        this.handshake = handshake;
        this.limit = limit;
        this.nodes = nodes;
    }

    void open(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        int flags = request.intAt(FuseProtocol.OPEN_FLAGS);
        if (node.file().isRemoved()) {
            throw new ErrnoException(Errno.ENOENT, "its channel was destroyed");
        }
        if ((flags & OpenFlags.O_DIRECT) != 0) {
            throw new ErrnoException(Errno.EINVAL, "relay files do not support O_DIRECT");
        }
        Caller caller = request.caller(options.defaultPermissions());
        node.file().checkOpen(flags, caller);
        refuseToShareMemory(flags, caller, node);
        int user = caller.uid();
        limit.take(user);
        int backingId = node.backing().register();
        long handle = handles.incrementAndGet();
        node.openFiles().add(handle, new OpenRelayFile(flags, backingId > 0, user));
        if (nodes.find(node.id()) == null) {
            close(node, handle);
            throw new ErrnoException(Errno.ENOENT, "its channel was destroyed meanwhile");
        }
        if (send(request.unique(), handle, backingId, tools.replies()) < 0) {
            close(node, handle);
        }
    }

    /// With passthrough who may read and write may map the memory itself, store what he likes in it and take its pages
    /// away (`madvise`). The kernel lets no descriptor of a file do without passthrough while another has it.
    private void refuseToShareMemory(int flags, Caller caller, RelayNode node) throws ErrnoException {
        int uid = caller.uid();
        if ((flags & OpenFlags.ACCESS_MODE) == OpenFlags.O_RDWR
                && handshake.mmapMode() == MmapMode.PASSTHROUGH
                && uid != 0
                && uid != node.file().attributes().uid()) {
            throw new ErrnoException(
                    Errno.EACCES,
                    "only the owner may open a relay file for reading and writing at once; open it twice");
        }
    }

    private static int send(long unique, long handle, int backingId, ReplyWriter replies) {
        int kind = backingId > 0 ? FuseProtocol.FOPEN_PASSTHROUGH : FuseProtocol.FOPEN_NONSEEKABLE;
        MemorySegment body = replies.newBody(FuseProtocol.OPEN_OUT_SIZE);
        body.set(JAVA_LONG, FuseProtocol.OPEN_OUT_HANDLE, handle);
        body.set(
                JAVA_INT,
                FuseProtocol.OPEN_OUT_FLAGS,
                FuseProtocol.FOPEN_DIRECT_IO | FuseProtocol.FOPEN_NOFLUSH | kind);
        body.set(JAVA_INT, FuseProtocol.OPEN_OUT_BACKING_ID, backingId);
        return replies.body(unique, FuseProtocol.OPEN_OUT_SIZE);
    }

    /// May be begun again when it fails anywhere.
    private void close(RelayNode node, long handle) {
        node.waiters().removePoller(handle);
        OpenRelayFile open = node.openFiles().find(handle);
        if (open != null) {
            open.close(limit);
            node.openFiles().remove(handle);
        }
    }

    void release(FuseRequest request, RelayNode node, ThreadTools tools) {
        close(node, request.longAt(FuseProtocol.RELEASE_HANDLE));
        tools.replies().empty(request.unique());
        if (node.isUnused()) {
            nodes.releaseUnused();
        }
    }
}
