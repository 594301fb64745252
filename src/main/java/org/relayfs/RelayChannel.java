package org.relayfs;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;

/// A channel: one buffer for each CPU. SKELETON: signatures are settled, bodies follow.
public final class RelayChannel implements AutoCloseable {
    /// @return its name: the path of its directory, without a slash at the ends; null while it is unnamed
    public String name() { throw new UnsupportedOperationException(); }
    /// @return its settings
    public ChannelConfig config() { throw new UnsupportedOperationException(); }
    /// Logs one record into the current CPU's buffer. @return length or a WriteResult
    public int write(byte[] source) { throw new UnsupportedOperationException(); }
    public int write(byte[] source, int offset, int length) { throw new UnsupportedOperationException(); }
    public int write(ByteBuffer source) { throw new UnsupportedOperationException(); }
    public int write(MemorySegment source, long offset, int length) { throw new UnsupportedOperationException(); }
    /// Logs one record into the buffer of the given CPU (made when it does not exist and the CPU is possible)
    public int writeTo(int cpu, MemorySegment source, long offset, int length) { throw new UnsupportedOperationException(); }
    public void flush() { throw new UnsupportedOperationException(); }
    public void reset() { throw new UnsupportedOperationException(); }
    public void subBuffersConsumed(int cpu, long count) { throw new UnsupportedOperationException(); }
    public boolean isFull(int cpu) { throw new UnsupportedOperationException(); }
    /// disabled: writers are refused, buffers flushed
    public void setEnabled(boolean enabled) { throw new UnsupportedOperationException(); }
    public boolean isEnabled() { throw new UnsupportedOperationException(); }
    public boolean isClosed() { throw new UnsupportedOperationException(); }
    /// buffers that exist now, ascending by CPU (one for a global channel)
    public List<ChannelBuffer> buffers() { throw new UnsupportedOperationException(); }
    /// the file name of a buffer, e.g. cpu0 (after the create callback)
    public String fileName(ChannelBuffer buffer) { throw new UnsupportedOperationException(); }
    /// @return one line per buffer
    public List<BufferStats> stats() { throw new UnsupportedOperationException(); }
    /// refused attempts, all buffers (the `dropped` file)
    public long dropped() { throw new UnsupportedOperationException(); }
    /// shared memory reserved for it, bytes
    public long reservedBytes() { throw new UnsupportedOperationException(); }
    public boolean isClosedByOwner() { throw new UnsupportedOperationException(); }
    @Override public void close() { throw new UnsupportedOperationException(); }
}
