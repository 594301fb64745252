package org.relayfs.ring;

import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;

/// The refusals of records: their causes, counted each for itself. Any thread.
final class Refusals {
    private static final int NONE = 0;

    private final Ring ring;
    private final int uncounted;

    Refusals(Ring ring) {
        this(ring, NONE);
    }

    /// @param uncounted one of [WriteResult] that is no loss here
    Refusals(Ring ring, int uncounted) {
        this.ring = ring;
        this.uncounted = uncounted;
    }

    /// {@return why a buffer that is not live takes no records}
    int closedOrDisabled() {
        long end = BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET);
        if (end == BufferHeader.MOVED) {
            return Handover.MOVED;
        }
        return end == 0
                ? WriteResult.DISABLED
                : end == BufferHeader.FINALIZED ? WriteResult.CLOSED : WriteResult.DAMAGED;
    }

    /// {@return the answer to a writer for whom there is no in-flight entry}
    ///
    /// @param length of its record
    int noEntry(long length) {
        boolean moved = BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET) == BufferHeader.MOVED;
        return moved ? Handover.MOVED : (int) count(WriteResult.STRAGGLER, length);
    }

    /// Counts a refusal by its cause.
    ///
    /// @param result one of [WriteResult]
    /// @param length of the record; 0 for a flush, which loses nothing
    /// @return the result
    long count(int result, long length) {
        if (result == uncounted) {
            return result;
        }
        switch (result) {
            case WriteResult.FULL -> {
                ring.count(BufferHeader.FULL_OFFSET, 1);
                lost(length);
            }
            case WriteResult.TOO_BIG -> {
                ring.count(BufferHeader.BIG_OFFSET, 1);
                ring.count(BufferHeader.BIG_BYTES_OFFSET, length);
            }
            case WriteResult.STRAGGLER -> {
                ring.count(BufferHeader.STRAGGLER_OFFSET, 1);
                ring.count(BufferHeader.STRAGGLER_BYTES_OFFSET, length);
            }
            default -> {
                // Asked for, not a loss.
            }
        }
        return result;
    }

    /// Counts a record that a full buffer, or its client, has refused. [BufferHeader#FULL_OFFSET] counts attempts
    /// while full instead, as relay does, whether they lose something or not.
    ///
    /// @param length of the record; 0 for a flush
    void lost(long length) {
        ring.count(BufferHeader.REFUSED_OFFSET, length > 0 ? 1 : 0);
        ring.count(BufferHeader.FULL_BYTES_OFFSET, length);
    }
}
