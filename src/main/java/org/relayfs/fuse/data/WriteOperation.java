package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.relayfs.buffer.WriteResult;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// Answers WRITE: one record.
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
        if (length > handshake.maxRecord()) {
            throw new ErrnoException(Errno.EMSGSIZE, "it may be only the first part of a longer write");
        }
        node.buffer().settle();
        int written = node.buffer().write(request.buffer(), BYTES_OFFSET, length);
        if (written < 0) {
            tools.replies().error(request.unique(), refusal(written));
            return;
        }
        node.openFiles()
                .get(request.longAt(FuseProtocol.WRITE_HANDLE))
                .hasWritten(request.longAt(FuseProtocol.WRITE_OFFSET), length);
        ReplyWriter replies = tools.replies();
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
}
