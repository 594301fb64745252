package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.relayfs.tree.access.Caller;

/// A view of the request in a session thread's buffer. Valid until that thread reads the next one; belongs to that
/// thread.
public final class FuseRequest {
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

    /// @param offset of a field in the operation's own structure, which follows the header
    public int intAt(int offset) {
        return buffer.get(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + offset);
    }

    /// @param offset of a field in the operation's own structure, which follows the header
    public long longAt(int offset) {
        return buffer.get(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + offset);
    }
}
