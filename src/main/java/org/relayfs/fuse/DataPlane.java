package org.relayfs.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;
import org.relayfs.tree.Attributes;
import org.relayfs.tree.Errno;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers every request on a relay file, straight from its buffer. Called by session threads, several at a time.
final class DataPlane {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    /// O_DIRECT differs between machines.
    private static final int O_DIRECT = "aarch64".equals(System.getProperty("os.arch")) ? 0200000 : 040000;

    private static final int NAME_MAX = 255;
    private static final int POLL_READABLE = FuseProtocol.POLLIN | FuseProtocol.POLLRDNORM;
    private static final int POLL_ENDED = FuseProtocol.POLLERR | FuseProtocol.POLLHUP;

    private final MountOptions options;
    private final Handshake handshake;
    private final BackingFiles backing;
    private final PollNotifier notifier;
    private final NodeTable nodes = new NodeTable();
    private final WaitingReads waitingReads = new WaitingReads();
    private final AtomicLong handles = new AtomicLong();
    private final AtomicInteger openFiles = new AtomicInteger();
    private volatile boolean ending;

    /// @param options   of the mount
    /// @param handshake what was agreed on with the kernel
    /// @param backing   registers data files
    /// @param notifier  tells those who wait
    DataPlane(MountOptions options, Handshake handshake, BackingFiles backing, PollNotifier notifier) {
        this.options = options;
        this.handshake = handshake;
        this.backing = backing;
        this.notifier = notifier;
    }

    /// @return how many descriptors of relay files are open
    int openFileCount() {
        return openFiles.get();
    }

    /// @return how many reads wait for data
    int waitingReadCount() {
        return waitingReads.count();
    }

    /// From now on nobody waits: those who do are woken, polls say HUP.
    void end() {
        ending = true;
        for (RelayNode node : nodes.all()) {
            node.end();
            node.onDelivery(node.buffer());
        }
    }

    /// The session is over: writers are to queue nothing any more.
    void detach() {
        for (RelayNode node : nodes.all()) {
            node.buffer().setDeliveryListener(buffer -> {});
        }
    }

    /// Answers a LOOKUP that found a relay file: from now on the kernel asks us about it, not libfuse.
    void handOver(RelayFile file, long unique, ReplyWriter replies) {
        RelayNode node = nodes.acquire(file, id -> newNode(id, file));
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
    void forget(long nodeId, long lookups, SystemCalls calls) {
        RelayNode node = nodes.forget(nodeId, lookups);
        if (node != null) {
            node.dispose(backing, calls);
        }
    }

    /// A client was interrupted while it waited for the answer to request `unique`.
    void interrupt(long unique, ReplyWriter replies) {
        RelayNode node = waitingReads.interrupt(unique);
        if (node != null) {
            node.interrupt(unique, replies);
        }
    }

    /// Answers one request, or keeps it.
    void handle(FuseRequest request, ThreadTools tools) {
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
            LOG.error(
                    "request of type {} on cpu {} failed",
                    request.opcode(),
                    node.buffer().cpu(),
                    t);
            tools.replies().error(request.unique(), Errno.EIO);
        }
    }

    private void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException {
        ReplyWriter replies = tools.replies();
        long unique = request.unique();
        switch (request.opcode()) {
            case FuseProtocol.READ -> read(request, node, tools);
            case FuseProtocol.POLL -> poll(request, node, replies);
            case FuseProtocol.WRITE -> write(request, node, replies);
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
        if ((flags & O_DIRECT) != 0) {
            throw new ErrnoException(Errno.EINVAL, "O_DIRECT has no meaning for a relay file");
        }
        if (!options.defaultPermissions()) {
            node.file().checkOpen(flags, request.caller());
        }
        int backingId = node.backingId(backing, tools.calls());
        int kind = backingId > 0 ? FuseProtocol.FOPEN_PASSTHROUGH : FuseProtocol.FOPEN_NONSEEKABLE;
        long handle = handles.incrementAndGet();
        node.addOpenFile(handle, new OpenRelayFile(flags, backingId > 0));
        openFiles.incrementAndGet();
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

    private void release(FuseRequest request, RelayNode node, ReplyWriter replies) {
        close(node, request.longAt(FuseProtocol.RELEASE_HANDLE));
        replies.empty(request.unique());
    }

    private void close(RelayNode node, long handle) {
        if (node.removeOpenFile(handle)) {
            openFiles.decrementAndGet();
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

    private void read(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException {
        if ((request.intAt(FuseProtocol.READ_FLAGS) & FuseProtocol.READ_LOCKOWNER) == 0) {
            fillPage(request, node, tools);
            return;
        }
        OpenRelayFile open = node.openFile(request.longAt(FuseProtocol.READ_HANDLE));
        ReadRequest read = new ReadRequest(
                request.unique(),
                open,
                request.longAt(FuseProtocol.READ_OFFSET),
                request.intAt(FuseProtocol.READ_SIZE));
        int again = open.again(read.offset(), read.length(), tools.overflow());
        if (again > 0) {
            tools.replies()
                    .pieces(read.unique(), new MemorySegment[] {tools.overflow().asSlice(0, again)}, 1, again);
            return;
        }
        boolean waits = node.file().isBlocking() && !ending && !node.buffer().isFinalized();
        if (tools.reads().serve(node.buffer(), read, !waits) != ReadReply.Outcome.EMPTY) {
            return;
        }
        if ((request.intAt(FuseProtocol.READ_OPEN_FLAGS) & SystemCalls.O_NONBLOCK) != 0) {
            throw new ErrnoException(Errno.EAGAIN, "nothing to read");
        }
        node.park(read, tools);
    }

    /// Not a read(2): a page fault, splice or sendfile. It must not consume. With passthrough a page fault does
    /// not come here, and splice answers EINVAL as on a kernel of today.
    private void fillPage(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        if (backing.mode() != MmapMode.CACHED) {
            throw new ErrnoException(Errno.EINVAL, "no splice on a relay file");
        }
        node.cachedPages().fill(request, tools);
    }

    private void write(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        int length = request.intAt(FuseProtocol.WRITE_SIZE);
        if ((request.intAt(FuseProtocol.WRITE_FLAGS) & FuseProtocol.WRITE_CACHE) != 0) {
            throw new ErrnoException(Errno.EIO, "a cached mapping cannot be written back");
        }
        if (length > handshake.maxRecord()) {
            throw new ErrnoException(Errno.EMSGSIZE, "it may be the first part only of a longer write");
        }
        node.buffer().settle();
        int written =
                node.buffer().write(request.buffer(), FuseProtocol.IN_HEADER_SIZE + FuseProtocol.WRITE_IN_SIZE, length);
        if (written < 0) {
            replies.error(request.unique(), refusal(written));
            return;
        }
        node.openFile(request.longAt(FuseProtocol.WRITE_HANDLE))
                .hasWritten(request.longAt(FuseProtocol.WRITE_OFFSET), length);
        replies.newBody(FuseProtocol.WRITE_OUT_SIZE).set(JAVA_INT, FuseProtocol.WRITE_OUT_WRITTEN, length);
        replies.body(request.unique(), FuseProtocol.WRITE_OUT_SIZE);
    }

    private static Errno refusal(int result) {
        return switch (result) {
            case WriteResult.FULL, WriteResult.STRAGGLER -> Errno.EAGAIN;
            case WriteResult.TOO_BIG -> Errno.EMSGSIZE;
            case WriteResult.DISABLED, WriteResult.CLOSED -> Errno.ESHUTDOWN;
            default -> Errno.EIO;
        };
    }

    private void poll(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        long handle = request.longAt(FuseProtocol.POLL_HANDLE);
        boolean reader = node.openFile(handle).isReader();
        if ((request.intAt(FuseProtocol.POLL_FLAGS) & FuseProtocol.POLL_SCHEDULE_NOTIFY) != 0) {
            node.addPoller(handle, request.longAt(FuseProtocol.POLL_KERNEL_HANDLE));
        }
        long unique = request.unique();
        int events = events(node.buffer(), reader);
        if (node.cachedPages().areStale()) {
            notifier.enqueue(tools -> {
                node.cachedPages().renew(tools.replies());
                sendEvents(unique, events, tools.replies());
            });
        } else {
            sendEvents(unique, events, replies);
        }
    }

    private static void sendEvents(long unique, int events, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.POLL_OUT_SIZE);
        body.set(JAVA_INT, FuseProtocol.POLL_OUT_EVENTS, events);
        replies.body(unique, FuseProtocol.POLL_OUT_SIZE);
    }

    /// A control file was read: its content may tell of sub-buffers that cached pages do not show yet.
    ///
    /// @param reply what libfuse answers, to be sent as soon as they do
    /// @return false when there is nothing to wait for: the reply was not taken
    boolean sendAfterRenewal(Supplier<byte[]> reply) {
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

    private int events(ChannelBuffer buffer, boolean reader) {
        if (ending || buffer.isFinalized()) {
            return POLL_ENDED | (reader && buffer.hasData() ? POLL_READABLE : 0);
        }
        return reader && buffer.isReadable() ? POLL_READABLE : 0;
    }
}
