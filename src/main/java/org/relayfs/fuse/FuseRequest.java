package org.relayfs.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.relayfs.tree.Caller;

/// View of the request that lies in a session thread's buffer. Valid until that thread reads the next one; belongs
/// to that thread.
final class FuseRequest {
    private final MemorySegment buffer;

    /// @param buffer into which the thread reads requests
    FuseRequest(MemorySegment buffer) {
        this.buffer = buffer;
    }

    MemorySegment buffer() {
        return buffer;
    }

    int length() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_LENGTH);
    }

    int opcode() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_OPCODE);
    }

    long unique() {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_UNIQUE);
    }

    long nodeId() {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_NODE_ID);
    }

    Caller caller() {
        return new Caller(buffer.get(JAVA_INT, FuseProtocol.IN_UID), buffer.get(JAVA_INT, FuseProtocol.IN_GID), pid());
    }

    /// {@return the thread that asks; 0 when it is in a pid namespace of which the mount's knows nothing}
    int pid() {
        return buffer.get(JAVA_INT, FuseProtocol.IN_PID);
    }

    /// @param offset of a field in the operation's own structure, which follows the header
    int intAt(int offset) {
        return buffer.get(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + offset);
    }

    /// @param offset of a field in the operation's own structure, which follows the header
    long longAt(int offset) {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + offset);
    }
}
