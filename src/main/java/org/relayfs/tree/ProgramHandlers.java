package org.relayfs.tree;

import org.relayfs.tree.access.Caller;

/// What the program answers with when a file of its own is read and written. Both may take their time and
/// throw what they like.
///
/// @param content what a read returns, or null when the file cannot be read
/// @param action  what a write does, or null when the file cannot be written
public record ProgramHandlers(Content content, Action action) {
    /// The content of a file, made when it is read from its start.
    @FunctionalInterface
    public interface Content {
        /// {@return all of it}
        ///
        /// @throws Exception a [org.relayfs.linux.ErrnoException] refuses the read; all else is a failure
        byte[] make() throws Exception;
    }

    /// The effect of one `write(2)`.
    @FunctionalInterface
    public interface Action {
        /// @param bytes  written
        /// @param caller who writes
        /// @throws Exception a [org.relayfs.linux.ErrnoException] refuses the write; all else is a failure
        void write(byte[] bytes, Caller caller) throws Exception;
    }
}
