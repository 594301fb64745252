package org.relayfs.ring;

import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;

/// The refusals of records: their causes, counted each for itself. Any thread.
final class Refusals {
    private final Ring ring;

    Refusals(Ring ring) {
        this.ring = ring;
    }

    /// {@return why a buffer that is not live takes no records}
    int closedOrDisabled() {
        long end = BufferHeader.wordVolatile(ring.region, BufferHeader.FINALIZED_OFFSET);
        return end == 0
                ? WriteResult.DISABLED
                : end == BufferHeader.FINALIZED ? WriteResult.CLOSED : WriteResult.DAMAGED;
    }

    /// Counts a refusal by its cause.
    ///
    /// @param result one of [WriteResult]
    /// @param length of the record
    /// @return the result
    long count(int result, long length) {
        switch (result) {
            case WriteResult.FULL -> {
                ring.count(BufferHeader.FULL_OFFSET, 1);
                ring.count(BufferHeader.FULL_BYTES_OFFSET, length);
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
}
