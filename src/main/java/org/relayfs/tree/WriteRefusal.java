package org.relayfs.tree;

import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// Why a `write(2)` has logged no record.
final class WriteRefusal {
    private WriteRefusal() {}

    /// @param channel that was written to
    /// @param length  of the record
    /// @param result  of the write: negative, one of [WriteResult]
    static ErrnoException of(RelayChannel channel, int length, int result) {
        String name = "channel " + channel.name() + ": ";
        return switch (result) {
            case WriteResult.TOO_BIG -> tooBig(channel.config(), length);
            case WriteResult.FULL ->
                new ErrnoException(
                        Errno.EAGAIN, name + "the buffer is full; read it, or create it with more sub-buffers");
            case WriteResult.STRAGGLER ->
                new ErrnoException(
                        Errno.EAGAIN,
                        name
                                + "a stalled writer is in every sub-buffer, or the limit=64 of open reservations a buffer is"
                                + " reached; try again, and commit or abort what is reserved");
            case WriteResult.DISABLED ->
                new ErrnoException(Errno.ESHUTDOWN, name + "disabled; write 1 to its enabled file");
            case WriteResult.DAMAGED ->
                new ErrnoException(
                        Errno.EIO, name + "its shared memory is damaged; destroy the channel and create it again");
            default -> new ErrnoException(Errno.ESHUTDOWN, name + "destroyed; create it again");
        };
    }

    private static ErrnoException tooBig(ChannelConfig config, int length) {
        long limit = config.subBufferSize() - config.paddingHeader();
        return new ErrnoException(
                Errno.EMSGSIZE,
                "record: length=" + length + ", limit=" + limit
                        + " bytes; write less at once, or create with a larger subbuf_size");
    }

    /// Refuses what may be only the first part of a longer `write(2)`, which the kernel divides.
    ///
    /// @param length that has arrived
    /// @param limit  what is certain to arrive in one piece
    static void requireOnePiece(int length, int limit) throws ErrnoException {
        if (length > limit) {
            throw new ErrnoException(
                    Errno.EMSGSIZE,
                    "write: length=" + length + " or more, limit=" + limit
                            + " bytes, which the kernel hands over in one piece; write less at once");
        }
    }
}
