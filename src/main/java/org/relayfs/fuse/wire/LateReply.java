package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.relayfs.linux.Errno;

/// A whole reply, to be sent by any thread at any time, even while the mount ends.
///
/// @param bytes of it, header included
public record LateReply(byte[] bytes) {
    /// {@return a reply}
    ///
    /// @param unique number of the request
    /// @param body   that follows the header
    public static LateReply of(long unique, byte[] body) {
        return of(unique, 0, body);
    }

    /// {@return a reply that is an error}
    ///
    /// @param unique number of the request
    /// @param errno  the error
    public static LateReply refusal(long unique, Errno errno) {
        return of(unique, errno.negative(), new byte[0]);
    }

    private static LateReply of(long unique, int error, byte[] body) {
        int length = FuseProtocol.OUT_HEADER_SIZE + body.length;
        ByteBuffer reply = ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putInt(FuseProtocol.OUT_LENGTH, length)
                .putInt(FuseProtocol.OUT_ERROR, error)
                .putLong(FuseProtocol.OUT_UNIQUE, unique);
        return new LateReply(reply.put(FuseProtocol.OUT_HEADER_SIZE, body).array());
    }

    /// Sends it, if the device is open. It is no error if nobody waits for it any more.
    ///
    /// @param device of the mount
    public void send(FuseDevice device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(bytes.length, Long.BYTES);
            MemorySegment.copy(bytes, 0, message, JAVA_BYTE, 0, bytes.length);
            device.post(message);
        }
    }
}
