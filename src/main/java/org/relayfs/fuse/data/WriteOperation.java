package org.relayfs.fuse.data;

import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.ThreadCall;

/// Answers WRITE: one record, which may have to wait for room.
final class WriteOperation implements Operation {
    private static final int BYTES_OFFSET = FuseProtocol.IN_HEADER_SIZE + FuseProtocol.WRITE_IN_SIZE;

    private final Handshake handshake;

    /// @param handshake knows the largest write that arrives in one piece
    WriteOperation(Handshake handshake) {
        this.handshake = handshake;
    }

    @Override
    public void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        int length = request.intAt(FuseProtocol.WRITE_SIZE);
        if ((request.intAt(FuseProtocol.WRITE_FLAGS) & FuseProtocol.WRITE_CACHE) != 0) {
            throw new ErrnoException(Errno.EIO, "a cached mapping cannot be written back");
        }
        OpenRelayFile open = node.openFiles().get(request.longAt(FuseProtocol.WRITE_HANDLE));
        // The kernel refuses pwrite by itself where a descriptor cannot be positioned.
        if (open.isSeekable() && ThreadCall.of(request.pid()) == ThreadCall.POSITIONED) {
            throw new ErrnoException(Errno.ESPIPE, "write at an offset: a relay file is a stream");
        }
        WriteRequest write = new WriteRequest(
                request.unique(),
                open,
                request.longAt(FuseProtocol.WRITE_OFFSET),
                request.buffer().asSlice(BYTES_OFFSET, length),
                request.caller(false));
        boolean mayWait = (request.intAt(FuseProtocol.WRITE_OPEN_FLAGS) & OpenFlags.O_NONBLOCK) == 0;
        if (mayWait && node.file().writesWait()) {
            node.roomWaiters().writes().submit(write, tools);
        } else {
            node.file().write(write.record(), 0, length, handshake.maxRecord(), write.caller());
            WriteQueue.done(write, tools.replies());
        }
    }
}
