package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;

/// The requests that do not concern a relay file: libfuse answers them, except those that it would answer wrongly.
/// Belongs to one session thread.
final class LibFuseRequests {
    private static final int ALWAYS_READY =
            FuseProtocol.POLLIN | FuseProtocol.POLLOUT | FuseProtocol.POLLRDNORM | FuseProtocol.POLLWRNORM;

    private final FuseRequest request;
    private final ReplyWriter replies;
    private final DataPlane data;
    private final LibFuseChannel channel;
    private final ControlPlane control;
    private final KnownNodes known;
    private final HandlerRequests handlers;

    /// @param request  view of the thread's buffer
    /// @param replies  of the thread
    /// @param data     is told of relay files that are forgotten, and of interrupted reads
    /// @param channel  of the thread
    /// @param control  is told of files that are closed
    /// @param known    is told of other files that are forgotten
    /// @param handlers answers for the program's files
    LibFuseRequests(
            FuseRequest request,
            ReplyWriter replies,
            DataPlane data,
            LibFuseChannel channel,
            ControlPlane control,
            KnownNodes known,
            HandlerRequests handlers) {
        this.request = request;
        this.replies = replies;
        this.data = data;
        this.channel = channel;
        this.control = control;
        this.known = known;
        this.handlers = handlers;
    }

    /// Answers the request in the thread's buffer.
    ///
    /// To some of them libfuse would answer ENOSYS, which the kernel takes as the answer for the whole mount,
    /// relay files included. And LINK may name a relay file's node: libfuse aborts the process when it meets a
    /// node it does not know. Names cannot be changed, so it does not matter which node it gets.
    void serve() {
        switch (request.opcode()) {
            case FuseProtocol.INTERRUPT -> interrupt(request.longAt(FuseProtocol.INTERRUPT_UNIQUE));
            case FuseProtocol.READ, FuseProtocol.WRITE -> {
                if (!handlers.serve(request, replies)) {
                    channel.process();
                }
            }
            case FuseProtocol.BATCH_FORGET -> {
                if (ForgetList.takeOut(request, DataPlane::owns, data::forget, known)) {
                    channel.process();
                }
            }
            case FuseProtocol.FORGET -> forget();
            case FuseProtocol.POLL -> {
                if (!handlers.serve(request, replies)) {
                    answerPoll();
                }
            }
            case FuseProtocol.LSEEK, FuseProtocol.COPY_FILE_RANGE -> replies.error(request.unique(), Errno.EINVAL);
            case FuseProtocol.LINK -> {
                request.buffer()
                        .set(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.LINK_OLD_NODE, FuseProtocol.ROOT);
                channel.process();
            }
            case FuseProtocol.RENAME2 -> {
                dropRenameFlags();
                channel.process();
            }
            case FuseProtocol.RELEASE -> {
                channel.process();
                control.release(request.longAt(FuseProtocol.RELEASE_HANDLE));
            }
            default -> channel.process();
        }
    }

    private void interrupt(long unique) {
        data.interrupt(unique, replies);
        handlers.interrupt(unique);
    }

    private void forget() {
        long left = known.forget(request.nodeId(), request.longAt(FuseProtocol.FORGET_LOOKUPS));
        if (left > 0) {
            request.buffer().set(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.FORGET_LOOKUPS, left);
            channel.process();
        }
    }

    /// Makes a RENAME of it.
    private void dropRenameFlags() {
        MemorySegment buffer = request.buffer();
        long names = FuseProtocol.IN_HEADER_SIZE + FuseProtocol.RENAME2_NAMES;
        int shift = FuseProtocol.RENAME2_NAMES - FuseProtocol.RENAME_NAMES;
        MemorySegment.copy(buffer, names, buffer, names - shift, request.length() - names);
        buffer.set(JAVA_INT, FuseProtocol.IN_LENGTH, request.length() - shift);
        buffer.set(JAVA_INT, FuseProtocol.IN_OPCODE, FuseProtocol.RENAME);
    }

    private void answerPoll() {
        replies.newBody(FuseProtocol.POLL_OUT_SIZE).set(JAVA_INT, FuseProtocol.POLL_OUT_EVENTS, ALWAYS_READY);
        replies.body(request.unique(), FuseProtocol.POLL_OUT_SIZE);
    }
}
