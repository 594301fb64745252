package org.relayfs.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A receiver of the bytes of one read from a buffer, without a copy where the ring allows it.
@FunctionalInterface
public interface ReadySink {
    /// Takes all of the given pieces, or none of them. Called once per read, under the reader's lock, even if there
    /// is nothing to read (`count` 0). The pieces may not be used after the call.
    ///
    /// @param pieces read-only views of the bytes, in stream order; only the first `count` are valid
    /// @param count  how many pieces there are
    /// @param total  the sum of their lengths in bytes
    /// @return true when the bytes have been handed on and are to be consumed; false leaves them for the next read
    /// @throws IOException the bytes could not be handed on; nothing is consumed
    boolean accept(MemorySegment[] pieces, int count, long total) throws IOException;
}
