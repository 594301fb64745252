package org.relayfs.buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.memory.RecordCopy;

/// What a [SwitchPolicy] is told, and the header that it may reserve. Used by the thread that switches, during the
/// call.
public final class SubBufferStart implements SubBufferHeader {
    private final ChannelBuffer buffer;
    private final MemorySegment previous;
    private final long previousPadding;
    private final boolean full;
    private final long subBufferSize;
    private MemorySegment header = MemorySegment.NULL;

    SubBufferStart(
            ChannelBuffer buffer, MemorySegment previous, long previousPadding, boolean full, long subBufferSize) {
        this.buffer = buffer;
        this.previous = previous;
        this.previousPadding = previousPadding;
        this.full = full;
        this.subBufferSize = subBufferSize;
    }

    /// {@return the buffer; its P counts the previous sub-buffer when this call has returned (whether it is full is
    /// told by [#isFull()])}
    public ChannelBuffer buffer() {
        return buffer;
    }

    /// The bytes of the sub-buffer filled last. Its header may be written: readers get it after this call (again,
    /// with the same values, when a suspended buffer is tried again).
    ///
    /// @return S bytes of live memory, or null at creation and after a reset
    public MemorySegment previousSubBuffer() {
        return previous;
    }

    /// {@return unused bytes at the end of the previous sub-buffer; 0 without one}
    public long previousPadding() {
        return previousPadding;
    }

    /// {@return true when the sub-buffer to be used has not been consumed}
    public boolean isFull() {
        return full;
    }

    /// Reserves the first bytes of the sub-buffer: relay's `subbuf_start_reserve`. They count as payload. The last
    /// call wins.
    ///
    /// @param length bytes, 0 to S - 2 (0 when S is 1)
    /// @return zero-filled memory of that length: what it holds when the policy returns becomes the header
    /// @throws IllegalArgumentException the length is out of range
    public MemorySegment reserveHeader(int length) {
        long limit = Math.max(0, subBufferSize - 2);
        if (length < 0 || length > limit) {
            throw new IllegalArgumentException("header: length=" + length + ", limit=0.." + limit);
        }
        header = Arena.ofAuto().allocate(Math.max(1, length)).asSlice(0, length);
        return header;
    }

    /// {@return bytes reserved so far}
    @Override
    public int length() {
        return (int) header.byteSize();
    }

    @Override
    public void write(Ring ring, long lap, int index) {
        RecordCopy.copy(header, 0, ring.address(index, 0), header.byteSize());
    }
}
