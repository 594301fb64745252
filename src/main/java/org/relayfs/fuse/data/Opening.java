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
import org.relayfs.tree.RelayFile;
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
            throw gone(node.file());
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
        OpenRelayFile open = new OpenRelayFile(flags, backingId > 0, user);
        node.openFiles().add(handle, open);
        if (nodes.find(node.id()) == null) {
            close(node, handle);
            throw gone(node.file());
        }
        if (send(request.unique(), handle, open, backingId, tools.replies()) < 0) {
            close(node, handle);
        }
    }

    /// {@return the answer for a file that was found under a name it does not have any more. The kernel does not pass
    /// ESTALE on to the client at once: it looks the name up again, and finds the file that has it now}
    static ErrnoException gone(RelayFile file) {
        return file.isReplaced()
                ? new ErrnoException(Errno.ESTALE, "its channel was resized: another file has the name")
                : new ErrnoException(Errno.ENOENT, "its channel was destroyed");
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

    /// A write that waits must not keep others from the file: the kernel locks it for the length of a write unless
    /// writes may be parallel and it takes the end of the write for one inside the file. With a stream, that is the
    /// length of the record. A file with passthrough cannot be one.
    private static int kind(OpenRelayFile open, int backingId) {
        int writer = open.isWriter() ? FuseProtocol.FOPEN_PARALLEL_DIRECT_WRITES : 0;
        if (backingId > 0) {
            return FuseProtocol.FOPEN_PASSTHROUGH | writer;
        }
        return FuseProtocol.FOPEN_NONSEEKABLE | writer | (open.isReader() ? 0 : FuseProtocol.FOPEN_STREAM);
    }

    private static int send(long unique, long handle, OpenRelayFile open, int backingId, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.OPEN_OUT_SIZE);
        body.set(JAVA_LONG, FuseProtocol.OPEN_OUT_HANDLE, handle);
        body.set(
                JAVA_INT,
                FuseProtocol.OPEN_OUT_FLAGS,
                FuseProtocol.FOPEN_DIRECT_IO | FuseProtocol.FOPEN_NOFLUSH | kind(open, backingId));
        body.set(JAVA_INT, FuseProtocol.OPEN_OUT_BACKING_ID, backingId);
        return replies.body(unique, FuseProtocol.OPEN_OUT_SIZE);
    }

    /// May be begun again when it fails anywhere.
    private void close(RelayNode node, long handle) {
        node.waiters().removePoller(handle);
        node.roomWaiters().removePoller(handle);
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
