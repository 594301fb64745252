package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.WriteResult;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.OpenFlags;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.ErrnoException;

/// What is done with an open relay file: read, write, poll, page faults. Called by session threads, several at a
/// time.
final class RelayFileIo {
    private static final int POLL_READABLE = FuseProtocol.POLLIN | FuseProtocol.POLLRDNORM;
    private static final int POLL_ENDED = FuseProtocol.POLLERR | FuseProtocol.POLLHUP;

    private final Handshake handshake;
    private final BackingFiles backing;
    private final PollNotifier notifier;
    private final FuseDevice device;
    private volatile boolean ending;

    /// @param handshake knows the largest write that arrives in one piece
    /// @param backing   knows how relay files are mapped
    /// @param notifier  renews cached pages
    /// @param device    through which pollers are woken
    RelayFileIo(Handshake handshake, BackingFiles backing, PollNotifier notifier, FuseDevice device) {
        this.handshake = handshake;
        this.backing = backing;
        this.notifier = notifier;
        this.device = device;
    }

    /// The mount ends: nobody is to wait any more.
    void end() {
        ending = true;
    }

    /// {@return true for a read(2); other READs are page faults, splice and sendfile}
    static boolean isRead(FuseRequest request) {
        return request.opcode() == FuseProtocol.READ
                && (request.intAt(FuseProtocol.READ_FLAGS) & FuseProtocol.READ_LOCKOWNER) != 0;
    }

    /// Answers a READ, or keeps it until there are data.
    void read(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException, IOException {
        if (!isRead(request)) {
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
        if ((request.intAt(FuseProtocol.READ_OPEN_FLAGS) & OpenFlags.O_NONBLOCK) != 0) {
            throw new ErrnoException(Errno.EAGAIN, "nothing to read");
        }
        node.park(read, tools);
    }

    /// Not a read(2): a page fault, splice or sendfile. It must not consume. With passthrough a page fault does
    /// not come here, and splice answers EINVAL as on a kernel of today.
    private void fillPage(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        if (backing.mode() != MmapMode.CACHED) {
            throw new ErrnoException(Errno.EINVAL, "relay files do not support splice");
        }
        node.fillPage(request, tools);
    }

    /// Answers a WRITE: one record.
    void write(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        int length = request.intAt(FuseProtocol.WRITE_SIZE);
        if ((request.intAt(FuseProtocol.WRITE_FLAGS) & FuseProtocol.WRITE_CACHE) != 0) {
            throw new ErrnoException(Errno.EIO, "a cached mapping cannot be written back");
        }
        if (length > handshake.maxRecord()) {
            throw new ErrnoException(Errno.EMSGSIZE, "it may be only the first part of a longer write");
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

    /// Answers a POLL.
    void poll(FuseRequest request, RelayNode node, ReplyWriter replies) throws ErrnoException {
        long handle = request.longAt(FuseProtocol.POLL_HANDLE);
        OpenRelayFile open = node.openFile(handle);
        if ((request.intAt(FuseProtocol.POLL_FLAGS) & FuseProtocol.POLL_SCHEDULE_NOTIFY) != 0) {
            node.addPoller(handle, open.poller(device, request.longAt(FuseProtocol.POLL_KERNEL_HANDLE)));
        }
        long unique = request.unique();
        int events = events(node.buffer(), open.isReader());
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

    private int events(RingBuffer buffer, boolean reader) {
        if (ending || buffer.isFinalized()) {
            return POLL_ENDED | (reader && buffer.hasData() ? POLL_READABLE : 0);
        }
        return reader && buffer.isReadable() ? POLL_READABLE : 0;
    }
}
