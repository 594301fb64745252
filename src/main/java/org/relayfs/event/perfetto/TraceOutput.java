package org.relayfs.event.perfetto;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The place to which the bytes of a trace go.
@FunctionalInterface
public interface TraceOutput {
    /// Writes all of them.
    ///
    /// @param bytes which may change after the call
    /// @throws IOException they cannot be written
    void write(ByteBuffer bytes) throws IOException;
}
