package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.data.NodeTable;
import org.relayfs.fuse.data.ThreadTools;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.EpollSet;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads requests from the device, one at a time, and hands each to its plane. Several such threads share a device:
/// they listen in turns.
final class SessionThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);
    private static final int BUFFER_SIZE = Handshake.MAX_TRANSFER + FuseProtocol.REQUEST_OVERHEAD;
    private static final int PAGE = 4096;
    private static final int ALWAYS_READY =
            FuseProtocol.POLLIN | FuseProtocol.POLLOUT | FuseProtocol.POLLRDNORM | FuseProtocol.POLLWRNORM;

    private static final long RETRY_NS = 10_000_000;
    private static final int MAX_ATTEMPTS = 1000;

    private final FuseSession session;
    private final int device;
    private final ListenTurn turn;

    /// @param session whose requests are to be answered
    SessionThread(FuseSession session) {
        this.session = session;
        this.device = session.mounted().device();
        this.turn = session.listenTurn();
    }

    @Override
    public void run() {
        try (Arena arena = Arena.ofConfined();
                EpollSet arrivals = EpollSet.create(arena)) {
            ThreadTools tools = ThreadTools.of(arena, device);
            arrivals.addReadable(device);
            arrivals.addReadable(session.wakeFd());
            FuseRequest request = new FuseRequest(arena.allocate(BUFFER_SIZE, PAGE));
            try (LibFuseChannel channel = new LibFuseChannel(arena, session, request, tools.replies())) {
                turn.take();
                try {
                    listenWhateverComes(arrivals, request, tools, channel);
                } finally {
                    turn.pass();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("session thread ends", e);
        } finally {
            session.threadEnded();
        }
    }

    /// Without memory even waiting fails, until somebody gives some back.
    private void listenWhateverComes(
            EpollSet arrivals, FuseRequest request, ThreadTools tools, LibFuseChannel channel) {
        while (true) {
            try {
                listen(arrivals, request, tools, channel);
                return;
            } catch (OutOfMemoryError | LinkageError e) {
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    /// In its turn, and again when this returns.
    private void listen(EpollSet arrivals, FuseRequest request, ThreadTools tools, LibFuseChannel channel) {
        while (!session.isStopping()) {
            long length = FileCalls.read(device, request.buffer(), BUFFER_SIZE);
            if (length > 0) {
                if (turn.keeps(request.pid(), briefBytes(request))) {
                    answer(request, tools, channel);
                } else {
                    turn.pass();
                    try {
                        answer(request, tools, channel);
                    } finally {
                        turn.take();
                    }
                }
            } else if (Errno.EAGAIN.is(length)) {
                turn.empty();
                arrivals.await();
            } else if (Errno.ENODEV.is(length) || Errno.ECONNABORTED.is(length) || length == 0) {
                LOG.debug("the mount is gone");
                return;
            } else if (!Errno.EINTR.is(length) && !Errno.ENOENT.is(length)) {
                LOG.error("reading the FUSE device: {}", Errno.text(length));
                return;
            }
        }
    }

    private int briefBytes(FuseRequest request) {
        try {
            return session.data().briefBytes(request);
        } catch (OutOfMemoryError e) {
            return -1;
        }
    }

    /// Whatever fails, the client is told: nobody else would.
    private void answer(FuseRequest request, ThreadTools tools, LibFuseChannel channel) {
        try {
            route(request, tools, channel);
        } catch (RuntimeException | Error e) {
            FailureLog.error(LOG, "request of type", request.opcode(), e);
            refuse(request, tools.replies());
        }
    }

    private static void refuse(FuseRequest request, ReplyWriter replies) {
        for (int attempt = 1; ; attempt++) {
            try {
                replies.error(request.unique(), Errno.EIO);
                return;
            } catch (OutOfMemoryError | LinkageError e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    private void route(FuseRequest request, ThreadTools tools, LibFuseChannel channel) {
        DataPlane data = session.data();
        boolean ours = NodeTable.isOurs(request.nodeId());
        switch (request.opcode()) {
            case FuseProtocol.INTERRUPT ->
                data.interrupt(request.longAt(FuseProtocol.INTERRUPT_UNIQUE), tools.replies());
            case FuseProtocol.BATCH_FORGET -> splitForgets(request, tools, channel);
            case FuseProtocol.FORGET -> {
                if (ours) {
                    data.forget(request.nodeId(), request.longAt(FuseProtocol.FORGET_LOOKUPS));
                } else {
                    channel.process();
                }
            }
            default -> {
                if (ours) {
                    data.handle(request, tools);
                } else if (!answeredForLibFuse(request, tools.replies())) {
                    channel.process();
                }
            }
        }
    }

    /// Requests to which libfuse would answer ENOSYS, which the kernel takes for the whole mount, relay files
    /// included; and LINK, which may name a node of ours: libfuse aborts the process when it meets a node that it
    /// does not know.
    private static boolean answeredForLibFuse(FuseRequest request, ReplyWriter replies) {
        switch (request.opcode()) {
            case FuseProtocol.POLL -> {
                replies.newBody(FuseProtocol.POLL_OUT_SIZE).set(JAVA_INT, FuseProtocol.POLL_OUT_EVENTS, ALWAYS_READY);
                replies.body(request.unique(), FuseProtocol.POLL_OUT_SIZE);
            }
            case FuseProtocol.LSEEK, FuseProtocol.COPY_FILE_RANGE -> replies.error(request.unique(), Errno.EINVAL);
            case FuseProtocol.LINK, FuseProtocol.RENAME2 -> replies.error(request.unique(), Errno.EPERM);
            default -> {
                return false;
            }
        }
        return true;
    }

    /// Takes our nodes out of the list and leaves libfuse the rest.
    private void splitForgets(FuseRequest request, ThreadTools tools, LibFuseChannel channel) {
        MemorySegment buffer = request.buffer();
        int count = request.intAt(FuseProtocol.BATCH_COUNT);
        long first = FuseProtocol.IN_HEADER_SIZE + FuseProtocol.BATCH_FIRST;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long nodeId = buffer.get(JAVA_LONG, first + (long) i * FuseProtocol.BATCH_ENTRY_SIZE);
            long lookups = buffer.get(JAVA_LONG, first + (long) i * FuseProtocol.BATCH_ENTRY_SIZE + Long.BYTES);
            if (NodeTable.isOurs(nodeId)) {
                session.data().forget(nodeId, lookups);
            } else {
                buffer.set(JAVA_LONG, first + (long) kept * FuseProtocol.BATCH_ENTRY_SIZE, nodeId);
                buffer.set(JAVA_LONG, first + (long) kept * FuseProtocol.BATCH_ENTRY_SIZE + Long.BYTES, lookups);
                kept++;
            }
        }
        if (kept > 0) {
            buffer.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.BATCH_COUNT, kept);
            buffer.set(JAVA_INT, FuseProtocol.IN_LENGTH, (int) first + kept * FuseProtocol.BATCH_ENTRY_SIZE);
            channel.process();
        }
    }
}
