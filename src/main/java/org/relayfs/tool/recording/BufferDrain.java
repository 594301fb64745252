package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;

/// One way to move what is in a buffer to a file.
interface BufferDrain extends Closeable {
    /// Moves what is there, at most one buffer's worth or so.
    ///
    /// @return bytes moved
    long drain() throws IOException;

    /// Moves also what [#drain] leaves: after it nothing more comes.
    ///
    /// @return bytes moved
    long drainRest() throws IOException;
}
