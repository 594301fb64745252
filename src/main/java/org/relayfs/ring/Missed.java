package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;

/// The bytes that an observer has missed: what was closed since it began, less what it has passed and what it can still
/// read. Nothing else than this sum tells how much was in a sub-buffer that has been overwritten. Not thread-safe.
///
/// The words of a sum belong together if the same sub-buffer was open, and as many bytes were closed, before and after
/// they were loaded, and every closer was done.
final class Missed {
    private final RingView ring;
    private final Geometry geometry;
    // The sum when nothing was missed. Before it is known, nothing is.
    private long origin;
    private boolean begun;
    private long bytes;

    Missed(RingView ring) {
        this.ring = ring;
        this.geometry = ring.geometry;
    }

    /// Goes on after a reset, which throws away and does not say how much.
    void beginAgain() {
        begun = false;
    }

    /// {@return the bytes, as of the last look; never fewer than before}
    long bytes() {
        return bytes;
    }

    /// Looks once; the first success is the beginning.
    ///
    /// @param position of the observer; a sub-buffer that is not overwritten
    /// @param offset   in that sub-buffer
    /// @param passed   bytes that it has passed so far
    /// @return false when a writer is just switching sub-buffers: nothing has changed then
    boolean look(long position, long offset, long passed) {
        long word = ring.reserve();
        long closed = BufferHeader.wordVolatile(ring.region, BufferHeader.CLOSED_BYTES_OFFSET);
        long end = ring.closedPosition(word);
        long ahead = 0;
        // At most N steps.
        boolean whole = position >= ring.oldestIntact(word);
        for (long each = position; whole && each < end; each++) {
            whole = ring.isClosed(each);
            ahead += ring.payload(each);
        }
        long after = ring.reserve();
        boolean quiet = ring.closedPosition(after) == end
                && geometry.isOpen(after) == geometry.isOpen(word)
                && BufferHeader.wordVolatile(ring.region, BufferHeader.CLOSED_BYTES_OFFSET) == closed;
        if (whole && quiet) {
            update(closed + offset - passed - ahead);
        }
        return whole && quiet;
    }

    private void update(long sum) {
        if (!begun) {
            origin = sum - bytes;
            begun = true;
        }
        bytes = Math.max(bytes, sum - origin);
    }
}
