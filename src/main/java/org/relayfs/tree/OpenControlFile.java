package org.relayfs.tree;

import java.nio.ByteBuffer;

/// One open descriptor of a control file. Thread-safe.
public interface OpenControlFile {
    /// Copies content from `offset` into `target`; content is made afresh when `offset` is 0.
    ///
    /// @param target where the bytes go
    /// @param offset file position
    /// @return bytes copied, 0 at the end
    /// @throws ErrnoException EBADF, EIO, ...
    int read(ByteBuffer target, long offset) throws ErrnoException;

    /// Carries out the command that one `write(2)` brings.
    ///
    /// @param source the bytes
    /// @param offset file position (commands ignore it)
    /// @param caller who writes
    /// @return bytes taken: all of them
    /// @throws ErrnoException the command was refused; it stands in `error_log`, and nothing was changed by it
    int write(ByteBuffer source, long offset, Caller caller) throws ErrnoException;

    /// The last reference is gone. Never throws.
    void release();
}
