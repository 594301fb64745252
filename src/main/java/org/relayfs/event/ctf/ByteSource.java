package org.relayfs.event.ctf;

import java.io.IOException;

/// Where the bytes of a stream come from.
@FunctionalInterface
public interface ByteSource {
    /// What [#read] returns when nothing more will come.
    int END = -1;

    /// Reads the next bytes, without waiting for any.
    ///
    /// @param target gets them
    /// @param offset of the first one in it
    /// @param length at most so many, 1 or more
    /// @return how many; 0: there are none now; [#END]
    /// @throws IOException they cannot be read
    int read(byte[] target, int offset, int length) throws IOException;

    /// Whether the stream is to end with the event of which some bytes were read: no byte behind it is asked for.
    ///
    /// @return true from some moment on, or never
    default boolean isClosing() {
        return false;
    }
}
