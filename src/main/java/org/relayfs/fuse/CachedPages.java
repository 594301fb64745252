package org.relayfs.fuse;

import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.ChannelBuffer;

/// The kernel's cached pages of a relay file that is mapped without passthrough. The kernel fills a page by a read
/// that consumes nothing, and keeps it until it is told to drop it.
final class CachedPages {
    private final RelayNode node;
    private final ChannelBuffer buffer;

    /// @param node the file
    CachedPages(RelayNode node) {
        this.node = node;
        this.buffer = node.buffer();
    }

    /// Answers a page fill from the ring. What lies behind the ring reads as zeros: a short answer would make the
    /// kernel shrink the file.
    void fill(FuseRequest request, ThreadTools tools) {
        buffer.armWakeup(); // before the copy: a delivery after it drops the pages again
        long offset = request.longAt(FuseProtocol.READ_OFFSET);
        int size = request.intAt(FuseProtocol.READ_SIZE);
        MemorySegment data = buffer.data();
        if (offset >= 0 && offset + size <= data.byteSize()) {
            tools.replies().pieces(request.unique(), new MemorySegment[] {data.asSlice(offset, size)}, 1, size);
            return;
        }
        MemorySegment copy = tools.overflow().asSlice(0, size).fill((byte) 0);
        long available = Math.clamp(data.byteSize() - offset, 0, size);
        MemorySegment.copy(data, Math.min(offset, data.byteSize()), copy, 0, available);
        tools.replies().pieces(request.unique(), new MemorySegment[] {copy}, 1, size);
    }

    /// Drops the pages of what was produced since they were filled. No lock may be held.
    void invalidateProduced(ReplyWriter replies) {
        buffer.armWakeup();
        replies.notifyInvalidate(node.id(), 0, buffer.dataSize());
    }
}
