package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.relayfs.tree.access.Caller;

/// A view of the request in a session thread's buffer. Valid until that thread reads the next one; belongs to that
/// thread.
public final class FuseRequest {
    private static final int MAX_NAME = 255;

    private final MemorySegment buffer;

    /// @param buffer into which the thread reads requests
    public FuseRequest(MemorySegment buffer) {
        this.buffer = buffer;
    }

    public MemorySegment buffer() {
        return buffer;
    }

    public int length() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_LENGTH);
    }

    public int opcode() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_OPCODE);
    }

    public long unique() {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_UNIQUE);
    }

    public long nodeId() {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_NODE_ID);
    }

    /// {@return the caller}
    ///
    /// @param checkedByKernel the kernel has checked what they may do
    public Caller caller(boolean checkedByKernel) {
        return new Caller(
                buffer.get(JAVA_INT, FuseProtocol.IN_UID),
                buffer.get(JAVA_INT, FuseProtocol.IN_GID),
                pid(),
                checkedByKernel);
    }

    /// {@return the thread that asks; 0 when it is in a pid namespace of which the mount's knows nothing}
    public int pid() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_PID);
    }

    /// {@return the name that a LOOKUP asks for, or null when it is not a short one in ASCII}
    public String plainName() {
        int length = length() - FuseProtocol.IN_HEADER_SIZE - 1;
        if (length > MAX_NAME) {
            return null;
        }
        byte[] name = new byte[length];
        MemorySegment.copy(buffer, JAVA_BYTE, FuseProtocol.IN_HEADER_SIZE, name, 0, length);
        for (byte letter : name) {
            if (letter < 0) {
                return null;
            }
        }
        return new String(name, StandardCharsets.US_ASCII);
    }

    /// @param offset of a field in the operation's own structure, which follows the header
    public int intAt(int offset) {
        return buffer.get(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + offset);
    }

    /// @param offset of a field in the operation's own structure, which follows the header
    public long longAt(int offset) {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + offset);
    }
}
