package org.relayfs.ring;

/// Bytes at the start of a sub-buffer that its opener reserves and fills.
sealed interface SubBufferHeader permits PaddingHeader, SubBufferEvent, SubBufferOpening {
    /// {@return bytes, 0 for none}
    int length();

    /// Fills the header. Called by the opener, before it commits those bytes; not called when the length is 0.
    ///
    /// @param inFlight where the opener has announced it
    void write(Ring ring, long lap, int index, long inFlight);
}
