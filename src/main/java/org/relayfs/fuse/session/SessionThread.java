package org.relayfs.fuse.session;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.data.ThreadTools;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ListenTurn;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.EpollSet;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.HeaplessCalls;
import org.relayfs.linux.MemoryCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that reads requests from the device, one at a time, and hands each to its plane. Several such threads
/// share a device and listen in turn.
final class SessionThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);
    private static final FailureLog UNHEARD = FailureLog.of(LOG, "listening to device");
    private static final FailureLog UNANSWERED = FailureLog.of(LOG, "request of type");
    private static final int BUFFER_SIZE = Handshake.MAX_TRANSFER + FuseProtocol.REQUEST_OVERHEAD;
    private static final long RETRY_NS = 10_000_000;
    private static final long NO_REQUEST = 1;
    private static final int MAY_WAIT = -1;

    private final SessionThreads all;
    private final LibFuseMount mount;
    private final LibFuseReplies libFuseReplies;
    private final ControlPlane control;
    private final DataPlane data;
    private final KnownNodes known;
    private final NameRequests names;
    private final HandlerRequests handlers;
    private final ListenTurn turn;

    /// @param all            the threads of the session
    /// @param mount          whose requests are answered
    /// @param libFuseReplies sends what libfuse answers
    /// @param control        is told of files that are closed
    /// @param data           answers for relay files
    /// @param known          which of the other files the kernel knows
    /// @param names          answers what is asked of them most
    /// @param handlers       answers for the program's files
    SessionThread(
            SessionThreads all,
            LibFuseMount mount,
            LibFuseReplies libFuseReplies,
            ControlPlane control,
            DataPlane data,
            KnownNodes known,
            NameRequests names,
            HandlerRequests handlers) {
        this.all = all;
        this.mount = mount;
        this.libFuseReplies = libFuseReplies;
        this.control = control;
        this.data = data;
        this.known = known;
        this.names = names;
        this.handlers = handlers;
        this.turn = all.turn();
    }

    @Override
    public void run() {
        try (Arena arena = Arena.ofConfined();
                EpollSet arrivals = EpollSet.create(arena)) {
            ThreadTools tools = ThreadTools.of(arena, mount.device());
            arrivals.addReadable(mount.device());
            arrivals.addReadable(all.wakeFd());
            FuseRequest request = new FuseRequest(MemoryCalls.allocateLazily(BUFFER_SIZE, arena));
            rehearseRefusal(tools.replies());
            try (LibFuseChannel channel = new LibFuseChannel(arena, mount, request, tools.replies(), libFuseReplies)) {
                LibFuseRequests others =
                        new LibFuseRequests(request, tools.replies(), data, channel, control, known, handlers);
                turn.take();
                try {
                    listenWhateverComes(arrivals, request, tools, others);
                } finally {
                    turn.pass();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("session thread ends", e);
        } finally {
            all.oneEnded();
        }
    }

    /// A refusal must need no class that is not loaded and no memory: there may be none when it comes to it. The kernel
    /// knows no request of this number, and does nothing.
    private static void rehearseRefusal(ReplyWriter replies) {
        FailureLog.rehearse();
        HeaplessCalls.rehearse();
        replies.refuse(NO_REQUEST);
    }

    /// Without memory even waiting fails, until some is freed.
    private void listenWhateverComes(
            EpollSet arrivals, FuseRequest request, ThreadTools tools, LibFuseRequests others) {
        while (true) {
            try {
                listen(arrivals, request, tools, others);
                return;
            } catch (RuntimeException | Error e) {
                turn.empty(); // waiting needs no memory: it comes before the next attempt to read
                UNHEARD.error(mount.device(), e);
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    /// In its turn, and again when this returns.
    private void listen(EpollSet arrivals, FuseRequest request, ThreadTools tools, LibFuseRequests others) {
        while (!all.areStopping()) {
            if (!turn.expectsMore()) {
                arrivals.await();
            }
            long length = read(request);
            if (length > 0) {
                answer(request, tools, others);
            } else if (Errno.EAGAIN.is(length)) {
                turn.empty();
            } else if (Errno.ENODEV.is(length) || Errno.ECONNABORTED.is(length) || length == 0) {
                LOG.debug("the mount is gone");
                return;
            } else if (!Errno.EINTR.is(length) && !Errno.ENOENT.is(length)) {
                LOG.error("reading the FUSE device: {}", Errno.text(length));
                return;
            }
        }
    }

    /// To be told why there is no request takes memory, to get one does not.
    private long read(FuseRequest request) {
        long length = HeaplessCalls.read(mount.device(), request.buffer().address(), BUFFER_SIZE);
        return length >= 0 ? length : FileCalls.read(mount.device(), request.buffer(), BUFFER_SIZE);
    }

    /// Whatever fails, the client gets an answer: nobody else would give it.
    private void answer(FuseRequest request, ThreadTools tools, LibFuseRequests others) {
        try {
            if (DataPlane.owns(request.nodeId())) {
                data.serve(request, tools, turn);
            } else {
                boolean brief = NameRequests.mayAnswer(request.opcode());
                turn.passUnlessBrief(request.pid(), brief ? 0 : MAY_WAIT);
                if (!brief || !names.answer(request, tools.replies())) {
                    turn.pass();
                    others.serve();
                }
            }
        } catch (Throwable t) {
            // First the client: there may be no memory for the log. If it has its answer already, the kernel does
            // nothing.
            tools.replies().refuse(request.unique());
            UNANSWERED.error(request.opcode(), t);
        } finally {
            turn.take();
        }
    }
}
