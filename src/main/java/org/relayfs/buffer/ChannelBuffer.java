package org.relayfs.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// One CPU's buffer. SKELETON: signatures are settled, bodies follow.
public final class ChannelBuffer {
    /// @return the CPU it belongs to
    public int cpu() { throw new UnsupportedOperationException(); }

    /// Logs one record into this buffer, whatever CPU the caller runs on.
    ///
    /// @param source where the record is
    /// @param offset of its first byte in `source`
    /// @param length in bytes, 0 or more
    /// @return `length`, or one of [WriteResult]
    public int write(MemorySegment source, long offset, int length) { throw new UnsupportedOperationException(); }

    /// @return P as the files show it: sub-buffers closed and complete since the last reset
    public long produced() { throw new UnsupportedOperationException(); }

    /// @return C as the files show it: sub-buffers consumed since the last reset
    public long consumed() { throw new UnsupportedOperationException(); }

    /// @return `st_size`: payload bytes of closed sub-buffers
    public long fileSize() { throw new UnsupportedOperationException(); }

    /// @param bytes the new `st_size`; the next closed sub-buffer adds to it
    public void setFileSize(long bytes) { throw new UnsupportedOperationException(); }

    /// @return true when poll says IN: P differs from C
    public boolean isReadable() { throw new UnsupportedOperationException(); }

    /// @return true when a read would return bytes now (also those of the open sub-buffer)
    public boolean hasData() { throw new UnsupportedOperationException(); }

    /// @return true once the channel has been closed
    public boolean isFinalized() { throw new UnsupportedOperationException(); }

    /// Reads up to `length` bytes and consumes them: relay's `read(2)`. Never waits.
    ///
    /// @param target where they go
    /// @param offset of the first byte in `target`
    /// @param length at most so many bytes
    /// @return bytes read; 0 when there is nothing now
    public int read(MemorySegment target, long offset, int length) { throw new UnsupportedOperationException(); }

    /// Reads without a copy: gathers up to `length` bytes over sub-buffer borders, hands them to `sink` and consumes
    /// them when it says so. In overwrite mode the bytes are copied and checked first.
    ///
    /// @param length at most so many bytes
    /// @param sink   takes the bytes
    /// @return bytes consumed
    /// @throws IOException from the sink; nothing is consumed
    public long read(long length, ReadySink sink) throws IOException { throw new UnsupportedOperationException(); }

    /// `relay_subbufs_consumed`: ignored when n is larger than the sub-buffer count, clamped to P.
    ///
    /// @param count sub-buffers
    public void subBuffersConsumed(long count) { throw new UnsupportedOperationException(); }

    /// @return what it has counted
    public BufferStats stats() { throw new UnsupportedOperationException(); }

    /// Sets who is told of deliveries. One listener a buffer.
    ///
    /// @param listener told once for each [#armWakeup()]
    public void setDeliveryListener(DeliveryListener listener) { throw new UnsupportedOperationException(); }

    /// Asks for one call of the listener at the next delivery, flush or finalization. Arm first, then test
    /// [#isReadable()]: what is delivered between the two is then seen by one of them.
    public void armWakeup() { throw new UnsupportedOperationException(); }

    /// @return the tmpfs file that holds exactly the bytes that mmap shows
    public Path dataPath() { throw new UnsupportedOperationException(); }

    /// @return length of the data file: S times N rounded up to pages
    public long dataSize() { throw new UnsupportedOperationException(); }

    /// @return read-only view of the live data
    public MemorySegment data() { throw new UnsupportedOperationException(); }
}
