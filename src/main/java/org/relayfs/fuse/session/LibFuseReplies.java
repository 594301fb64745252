package org.relayfs.fuse.session;

import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.control.ControlPlane;
import org.relayfs.fuse.data.BackingFiles;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.tree.RelayFile;

/// The treatment of libfuse's replies on their way to the kernel: INIT is extended, a LOOKUP that found a relay
/// file is answered by the data plane, and a READ waits until mappings show what it reports. Called by session
/// threads, several at a time.
final class LibFuseReplies {
    private final Handshake handshake;
    private final BackingFiles backing;
    private final ControlPlane control;
    private final DataPlane data;

    /// @param handshake learns what was agreed on
    /// @param backing   knows whether files can be registered
    /// @param control   knows which relay file a LOOKUP has found
    /// @param data      answers for relay files
    LibFuseReplies(Handshake handshake, BackingFiles backing, ControlPlane control, DataPlane data) {
        this.handshake = handshake;
        this.backing = backing;
        this.control = control;
        this.data = data;
    }

    /// The calling thread is about to hand a request to libfuse.
    void expect(FuseRequest request) {
        if (request.opcode() == FuseProtocol.LOOKUP) {
            control.beginLookup();
        }
    }

    /// @param request that is answered
    /// @param reply   of libfuse
    /// @param replies of the calling thread
    /// @return 0, or the negative errno that libfuse is to see
    int send(FuseRequest request, LibFuseReply reply, ReplyWriter replies) {
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
        RelayFile file = control.endLookup();
        if (file == null || reply.isError()) {
            return forward(reply, replies);
        }
        data.handOver(file, request.unique(), replies);
        // As if the kernel had not accepted the reply: libfuse then forgets the node that it made for the name.
        return ReplyWriter.GONE;
    }
}
