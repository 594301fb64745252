package org.relayfs.ring;

import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;

/// The sizes of a buffer's file: of what was closed, which is `st_size`, and of what was written. Any thread.
final class FileSize {
    private final Ring ring;
    private final AtomicLong largestWritten = new AtomicLong();

    FileSize(Ring ring) {
        this.ring = ring;
    }

    /// {@return bytes of all closed sub-buffers. Never negative, whatever the words hold: the kernel would refuse the
    /// file's attributes}
    long closed() {
        return Math.max(
                0,
                BufferHeader.wordVolatile(ring.region, BufferHeader.CLOSED_BYTES_OFFSET)
                        + BufferHeader.wordVolatile(ring.region, BufferHeader.SIZE_ADJUSTMENT_OFFSET));
    }

    /// {@return [#closed()] and the bytes in the open sub-buffer, committed or not; never less than before}
    long written() {
        // A sub-buffer is closed first and counted then: meanwhile its bytes are in neither.
        return largestWritten.accumulateAndGet(closedAndOpen(), Math::max);
    }

    private long closedAndOpen() {
        Geometry geometry = ring.geometry;
        long before = BufferHeader.reserveVolatile(ring.region);
        long closed = closed();
        long word = BufferHeader.reserveVolatile(ring.region);
        // Unless it is the same sub-buffer before and after, its bytes may be among the closed ones.
        boolean apart = geometry.isOpen(word) && geometry.position(word) == geometry.position(before);
        return closed + (apart ? geometry.offset(word) : 0);
    }

    /// Changes it, as truncate does.
    ///
    /// @param bytes the new size; the next closed sub-buffer adds to it
    void set(long bytes) {
        long closed = BufferHeader.wordVolatile(ring.region, BufferHeader.CLOSED_BYTES_OFFSET);
        BufferHeader.setWordVolatile(ring.region, BufferHeader.SIZE_ADJUSTMENT_OFFSET, bytes - closed);
        forgetWritten();
    }

    /// The size with the open sub-buffer may become smaller again.
    void forgetWritten() {
        largestWritten.set(0);
    }
}
