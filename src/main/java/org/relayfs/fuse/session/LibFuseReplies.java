package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.BackingFiles;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FailureLog;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.tree.Node;
import org.relayfs.tree.RelayFile;
import org.slf4j.LoggerFactory;

/// The treatment of libfuse's replies on their way to the kernel: INIT is extended, a LOOKUP that found a relay
/// file is answered by the data plane, and a READ waits until mappings show what it reports. Called by session
/// threads, several at a time.
final class LibFuseReplies {
    private static final FailureLog NOT_BEGUN = FailureLog.of(
            LoggerFactory.getLogger(LibFuseReplies.class), "for want of memory or of a class, a request of type");

    /// Those that libfuse cannot answer without the control plane.
    private static final Set<Integer> OUR_OPERATIONS = Set.of(
            FuseProtocol.LOOKUP,
            FuseProtocol.GETATTR,
            FuseProtocol.SETATTR,
            FuseProtocol.MKDIR,
            FuseProtocol.RMDIR,
            FuseProtocol.OPEN,
            FuseProtocol.READ,
            FuseProtocol.WRITE,
            FuseProtocol.STATFS,
            FuseProtocol.OPENDIR,
            FuseProtocol.ACCESS);

    private final Handshake handshake;
    private final BackingFiles backing;
    private final ControlPlane control;
    private final DataPlane data;
    private final KnownNodes known;

    /// @param handshake learns what was agreed on
    /// @param backing   knows whether files can be registered
    /// @param control   knows what a LOOKUP has found
    /// @param data      answers for relay files
    /// @param known     learns which of the other files the kernel knows
    LibFuseReplies(Handshake handshake, BackingFiles backing, ControlPlane control, DataPlane data, KnownNodes known) {
        this.handshake = handshake;
        this.backing = backing;
        this.control = control;
        this.data = data;
        this.known = known;
    }

    /// The calling thread is about to hand a request to libfuse.
    void expect(FuseRequest request) {
        control.call().begin(request.opcode() == FuseProtocol.LOOKUP);
    }

    /// @param request that is answered
    /// @param reply   of libfuse
    /// @param replies of the calling thread
    /// @return 0, or the negative errno that libfuse is to see. With [ReplyWriter#GONE], as if the kernel had not
    ///     taken the reply, it undoes what it has done
    int send(FuseRequest request, LibFuseReply reply, ReplyWriter replies) {
        if (OUR_OPERATIONS.contains(request.opcode())
                && !reply.isError()
                && !control.call().isAnswered()) {
            replies.refuse(request.unique());
            NOT_BEGUN.error(request.opcode(), null);
            return ReplyWriter.GONE;
        }
        return switch (request.opcode()) {
            case FuseProtocol.INIT -> sendInit(request, reply, replies);
            case FuseProtocol.LOOKUP -> sendLookup(request, reply, replies);
            case FuseProtocol.READ -> data.sendAfterRenewal(reply::bytes) ? 0 : forward(reply, replies);
            default -> forward(reply, replies);
        };
    }

    private static int forward(LibFuseReply reply, ReplyWriter replies) {
        return replies.forward(reply.iovecs(), reply.count());
    }

    private int sendInit(FuseRequest request, LibFuseReply reply, ReplyWriter replies) {
        MemorySegment theirs = reply.body();
        if (reply.isError() || theirs.byteSize() == 0) {
            return forward(reply, replies);
        }
        MemorySegment ours = replies.newBody(FuseProtocol.INIT_OUT_SIZE);
        ours.copyFrom(theirs.asSlice(0, Math.min(theirs.byteSize(), ours.byteSize())));
        handshake.extend(request, ours);
        int result = replies.body(request.unique(), FuseProtocol.INIT_OUT_SIZE);
        handshake.finish(backing::areAccepted);
        return result;
    }

    private int sendLookup(FuseRequest request, LibFuseReply reply, ReplyWriter replies) {
        Node node = control.call().found();
        if (node == null || reply.isError()) {
            return forward(reply, replies);
        }
        if (node instanceof RelayFile file) {
            data.handOver(file, request.unique(), replies);
            return ReplyWriter.GONE;
        }
        MemorySegment entry = reply.body();
        return known.learn(
                entry.get(JAVA_LONG_UNALIGNED, FuseProtocol.ENTRY_NODE_ID),
                entry.get(JAVA_LONG_UNALIGNED, FuseProtocol.ENTRY_GENERATION),
                node,
                () -> forward(reply, replies));
    }
}
