package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.fuse.wire.WireAttributes;
import org.relayfs.linux.Errno;
import org.relayfs.linux.OpenFlags;
import org.relayfs.tree.Access;
import org.relayfs.tree.Attributes;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.OpenFileLimit;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers every request on a relay file, straight from its buffer. Called by session threads, several at a time.
public final class DataPlane {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    private static final int NAME_MAX = 255;

    private final MountOptions options;
    private final BackingFiles backing;
    private final PollNotifier notifier;
    private final OpenFileLimit limit;
    private final NodeTable nodes = new NodeTable();
    private final WaitingReads waitingReads = new WaitingReads();
    private final AtomicLong handles = new AtomicLong();
    private final RelayFileIo io;
    /// The device is about to be closed. Guarded by the table of nodes.
    private boolean detached;

    /// @param options   of the mount
    /// @param handshake what was agreed on with the kernel
    /// @param backing   registers data files
    /// @param notifier  tells those who wait
    /// @param device    of the mount
    /// @param limit     of open files
    public DataPlane(
            MountOptions options,
            Handshake handshake,
            BackingFiles backing,
            PollNotifier notifier,
            FuseDevice device,
            OpenFileLimit limit) {
        this.options = options;
        this.backing = backing;
        this.notifier = notifier;
        this.limit = limit;
        this.io = new RelayFileIo(handshake, backing, notifier, device);
    }

    /// @return how many reads wait for data
    public int waitingReadCount() {
        return waitingReads.count();
    }

    /// From now on nobody waits: those who do are woken, polls say HUP.
    public void end() {
        io.end();
        for (RelayNode node : nodes.all()) {
            node.end();
        }
    }

    /// The session is over: writers are to queue nothing any more.
    public void detach() {
        synchronized (nodes) {
            detached = true;
        }
        for (RelayNode node : nodes.all()) {
            node.buffer().setDeliveryListener(buffer -> {});
        }
    }

    /// Answers a LOOKUP that found a relay file: from now on the kernel asks us about it, not libfuse.
    public void handOver(RelayFile file, long unique, ReplyWriter replies) {
        RelayNode node = nodes.acquire(file, id -> newNode(id, file));
        if (file.isRemoved()) {
            // Since it was found: nobody would give the node up before the kernel forgets it.
            nodes.forget(node.id(), 1);
            replies.error(unique, Errno.ENOENT);
            return;
        }
        MemorySegment entry = replies.newBody(FuseProtocol.ENTRY_SIZE);
        entry.set(JAVA_LONG, FuseProtocol.ENTRY_NODE_ID, node.id());
        putAttributes(entry.asSlice(FuseProtocol.ENTRY_ATTR), node);
        if (replies.body(unique, FuseProtocol.ENTRY_SIZE) < 0) {
            nodes.forget(node.id(), 1);
        }
    }

    private RelayNode newNode(long id, RelayFile file) {
        RelayNode node = new RelayNode(id, file, notifier, waitingReads);
        file.buffer().setDeliveryListener(node);
        return node;
    }

    private void putAttributes(MemorySegment target, RelayNode node) {
        Attributes attributes = node.file().attributes();
        boolean cached = backing.mode() == MmapMode.CACHED;
        long size = cached ? Math.max(attributes.size(), node.buffer().dataSize()) : attributes.size();
        WireAttributes.put(target, attributes, size);
    }

    /// Gives back lookups of a node.
    public void forget(long nodeId, long lookups) {
        RelayNode node = nodes.forget(nodeId, lookups);
        if (node != null) {
            node.dispose(backing);
        }
    }

    /// Files have been removed, or one that was removed has been closed: what the kernel only remembers of them holds
    /// memory no more.
    public void releaseUnused() {
        synchronized (nodes) {
            List<RelayNode> unused = detached ? List.of() : nodes.takeOutUnused();
            unused.forEach(node -> node.dispose(backing));
        }
    }

    /// A client was interrupted while it waited for the answer to request `unique`.
    public void interrupt(long unique, ReplyWriter replies) {
        RelayNode node = waitingReads.interrupt(unique);
        if (node != null) {
            node.interrupt(unique, replies);
        }
    }

    /// {@return how many bytes are copied to answer a request which needs no lock that could be held for long and no
    /// client's code; -1 for all others}
    public int briefBytes(FuseRequest request) {
        boolean poll = request.opcode() == FuseProtocol.POLL;
        if (!NodeTable.isOurs(request.nodeId()) || !poll && !RelayFileIo.isRead(request)) {
            return -1;
        }
        RelayNode node = nodes.find(request.nodeId());
        boolean brief = node != null && !node.buffer().hasClient();
        return !brief ? -1 : poll ? 0 : request.intAt(FuseProtocol.READ_SIZE);
    }

    /// Answers one request, or keeps it.
    public void handle(FuseRequest request, ThreadTools tools) {
        RelayNode node = nodes.find(request.nodeId());
        try {
            if (node == null) {
                tools.replies().error(request.unique(), Errno.ENOENT);
            } else {
                answer(request, node, tools);
            }
        } catch (ErrnoException e) {
            tools.replies().error(request.unique(), e.errno());
        } catch (Throwable t) {
            FailureLog.error(LOG, "request on", node, t);
            tools.replies().error(request.unique(), Errno.EIO);
        }
    }

    private void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException {
        ReplyWriter replies = tools.replies();
        long unique = request.unique();
        switch (request.opcode()) {
            case FuseProtocol.READ -> io.read(request, node, tools);
            case FuseProtocol.POLL -> io.poll(request, node, replies);
            case FuseProtocol.WRITE -> io.write(request, node, replies);
            case FuseProtocol.GETATTR -> getAttributes(request, node, replies);
            case FuseProtocol.SETATTR -> setAttributes(request, node, replies);
            case FuseProtocol.OPEN -> open(request, node, tools);
            case FuseProtocol.RELEASE -> release(request, node, replies);
            case FuseProtocol.ACCESS -> access(request, node, replies);
            case FuseProtocol.STATFS -> statistics(request, replies);
            case FuseProtocol.FLUSH -> replies.empty(unique);
            case FuseProtocol.IOCTL -> replies.error(unique, Errno.ENOTTY);
            case FuseProtocol.FALLOCATE -> replies.error(unique, Errno.EOPNOTSUPP);
            // EINVAL and not ESPIPE for a search of holes: cp then reads to the end instead of giving up.
            case FuseProtocol.FSYNC, FuseProtocol.LSEEK, FuseProtocol.COPY_FILE_RANGE ->
                replies.error(unique, Errno.EINVAL);
            // The kernel remembers it and answers by itself: EOPNOTSUPP for extended attributes.
            default -> replies.error(unique, Errno.ENOSYS);
        }
    }

    private void getAttributes(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        // Only lseek(SEEK_END) asks by open file; fstat does not.
        if ((request.intAt(FuseProtocol.GETATTR_FLAGS) & FuseProtocol.GETATTR_FH_SET) != 0) {
            throw new ErrnoException(Errno.ESPIPE, "a relay file has no end to seek to");
        }
        sendAttributes(request, node, replies);
    }

    private void setAttributes(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        node.file().setAttributes(WireAttributes.change(request), request.caller());
        sendAttributes(request, node, replies);
    }

    private void sendAttributes(FuseRequest request, RelayNode node, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.ATTR_OUT_SIZE);
        putAttributes(body.asSlice(FuseProtocol.ATTR_OUT_ATTR), node);
        replies.body(request.unique(), FuseProtocol.ATTR_OUT_SIZE);
    }

    private void open(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        int flags = request.intAt(FuseProtocol.OPEN_FLAGS);
        if (node.file().isRemoved()) {
            throw new ErrnoException(Errno.ENOENT, "its channel was destroyed");
        }
        if ((flags & OpenFlags.O_DIRECT) != 0) {
            throw new ErrnoException(Errno.EINVAL, "relay files do not support O_DIRECT");
        }
        if (!options.defaultPermissions()) {
            node.file().checkOpen(flags, request.caller());
        }
        int user = request.caller().uid();
        limit.take(user);
        int backingId = node.backingId(backing);
        int kind = backingId > 0 ? FuseProtocol.FOPEN_PASSTHROUGH : FuseProtocol.FOPEN_NONSEEKABLE;
        long handle = handles.incrementAndGet();
        node.addOpenFile(handle, new OpenRelayFile(flags, backingId > 0, user));
        if (nodes.find(node.id()) == null) {
            close(node, handle);
            throw new ErrnoException(Errno.ENOENT, "its channel was destroyed meanwhile");
        }
        MemorySegment body = tools.replies().newBody(FuseProtocol.OPEN_OUT_SIZE);
        body.set(JAVA_LONG, FuseProtocol.OPEN_OUT_HANDLE, handle);
        body.set(
                JAVA_INT,
                FuseProtocol.OPEN_OUT_FLAGS,
                FuseProtocol.FOPEN_DIRECT_IO | FuseProtocol.FOPEN_NOFLUSH | kind);
        body.set(JAVA_INT, FuseProtocol.OPEN_OUT_BACKING_ID, backingId);
        if (tools.replies().body(request.unique(), FuseProtocol.OPEN_OUT_SIZE) < 0) {
            close(node, handle);
        }
    }

    private void close(RelayNode node, long handle) {
        OpenRelayFile open = node.removeOpenFile(handle);
        if (open != null) {
            limit.giveBack(open.user());
        }
    }

    private void release(FuseRequest request, RelayNode node, ReplyWriter replies) {
        close(node, request.longAt(FuseProtocol.RELEASE_HANDLE));
        replies.empty(request.unique());
        if (node.isUnused()) {
            releaseUnused();
        }
    }

    private void access(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        int mask = request.intAt(FuseProtocol.ACCESS_MASK);
        if (!options.defaultPermissions()) {
            Access.check(node.file().attributes(), request.caller(), mask);
        }
        replies.empty(request.unique());
    }

    private static void statistics(FuseRequest request, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.STATFS_SIZE);
        body.set(JAVA_INT, FuseProtocol.STATFS_BLOCK_SIZE, WireAttributes.BLOCK_SIZE);
        body.set(JAVA_INT, FuseProtocol.STATFS_FRAGMENT_SIZE, WireAttributes.BLOCK_SIZE);
        body.set(JAVA_INT, FuseProtocol.STATFS_NAME_LENGTH, NAME_MAX);
        replies.body(request.unique(), FuseProtocol.STATFS_SIZE);
    }

    /// A control file was read: its content may tell of sub-buffers that cached pages do not show yet.
    ///
    /// @param reply what libfuse answers, to be sent as soon as they do
    /// @return false when there is nothing to wait for: the reply was not taken
    public boolean sendAfterRenewal(Supplier<byte[]> reply) {
        List<CachedPages> stale = backing.mode() != MmapMode.CACHED
                ? List.of()
                : nodes.all().stream()
                        .map(RelayNode::cachedPages)
                        .filter(CachedPages::areStale)
                        .toList();
        if (stale.isEmpty()) {
            return false;
        }
        byte[] bytes = reply.get();
        notifier.enqueue(tools -> {
            stale.forEach(pages -> pages.renew(tools.replies()));
            tools.replies().raw(bytes);
        });
        return true;
    }
}
