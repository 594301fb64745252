package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.linux.Errno;

/// The refusal that is left when there is no memory for any other reply: EIO, from memory that was set aside.
/// Any thread may call.
public final class SpareReply {
    private final FuseDevice device;
    /// Guarded by this.
    private final MemorySegment header = Arena.ofAuto().allocate(FuseProtocol.OUT_HEADER_SIZE, Long.BYTES);

    /// @param device through which it is sent
    public SpareReply(FuseDevice device) {
        this.device = device;
        header.set(JAVA_INT, FuseProtocol.OUT_LENGTH, FuseProtocol.OUT_HEADER_SIZE);
        header.set(JAVA_INT, FuseProtocol.OUT_ERROR, Errno.EIO.negative());
    }

    /// Refuses a request. If it has been answered already, the kernel does nothing.
    ///
    /// @param unique number of the request
    public synchronized void refuse(long unique) {
        header.set(JAVA_LONG, FuseProtocol.OUT_UNIQUE, unique);
        device.post(header);
    }
}
