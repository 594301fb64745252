package org.relayfs.fuse.data;

import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.ring.RingBuffer;

/// The kernel's cached pages of a relay file that is mapped without passthrough. The kernel fills a page by a read
/// that consumes nothing, and keeps it until it is told to drop it.
///
/// A reader that has learned of a sub-buffer, by poll or from its `produced` file, must not find older bytes in a
/// page. So before such an answer leaves, [#areStale] is asked; if it says yes, the notifier drops the pages and
/// then sends it. A session thread must not drop them itself: the kernel waits there for page fills, which session
/// threads answer.
final class CachedPages {
    private final long nodeId;
    private final RingBuffer buffer;
    private volatile boolean used;

    /// The counts when pages were last dropped.
    private volatile Produced dropped = new Produced(0, 0);

    /// Two numbers, because a reset sets back the first, and a flush may leave the second unchanged.
    private record Produced(long subBuffers, long bytes) {
        static Produced of(RingBuffer buffer) {
            return new Produced(buffer.produced(), buffer.fileSize());
        }
    }

    /// @param nodeId of the file
    /// @param buffer of the file
    CachedPages(long nodeId, RingBuffer buffer) {
        this.nodeId = nodeId;
        this.buffer = buffer;
    }

    /// @return true once a page was filled
    boolean areUsed() {
        return used;
    }

    /// The kernel has forgotten the file, and its pages.
    void forget() {
        used = false;
    }

    /// @return true when something was produced since pages were dropped last
    boolean areStale() {
        return used && !Produced.of(buffer).equals(dropped);
    }

    /// Answers a page fill from the ring. Beyond the ring there are zeros: a short answer would make the kernel
    /// shrink the file. From then on the pages are renewed at every delivery.
    void fill(FuseRequest request, ThreadTools tools) {
        used = true;
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

    /// Drops all pages: a reader that follows the sub-buffers looks at the others only after these are produced.
    /// Called by the notifier, which holds no lock.
    void renew(ReplyWriter replies) {
        Produced produced = Produced.of(buffer);
        replies.notifyInvalidate(nodeId, 0, buffer.dataSize());
        dropped = produced;
    }
}
