package org.relayfs.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.memory.RecordCopy;

/// A sub-buffer that is about to be used, and the header that the client has reserved in it. Used by the thread that
/// switches, during the call.
public final class SubBufferOpening implements SubBufferStart, SubBufferHeader {
    private final RingBuffer buffer;
    private final MemorySegment previous;
    private final long previousPadding;
    private final boolean full;
    private final long subBufferSize;
    private MemorySegment header = MemorySegment.NULL;

    SubBufferOpening(
            RingBuffer buffer, MemorySegment previous, long previousPadding, boolean full, long subBufferSize) {
        this.buffer = buffer;
        this.previous = previous;
        this.previousPadding = previousPadding;
        this.full = full;
        this.subBufferSize = subBufferSize;
    }

    @Override
    public ChannelBuffer buffer() {
        return buffer;
    }

    @Override
    public MemorySegment previousSubBuffer() {
        return previous;
    }

    @Override
    public long previousPadding() {
        return previousPadding;
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public MemorySegment reserveHeader(int length) {
        long limit = Math.max(0, subBufferSize - 2);
        if (length < 0 || length > limit) {
            throw new IllegalArgumentException("header: length=" + length + ", limit=0.." + limit);
        }
        header = Arena.ofAuto().allocate(Math.max(1, length)).asSlice(0, length);
        return header;
    }

    @Override
    public int length() {
        return (int) header.byteSize();
    }

    @Override
    public void write(Ring ring, long lap, int index, long inFlight) {
        RecordCopy.copy(header, 0, ring.address(index, 0), header.byteSize());
    }
}
