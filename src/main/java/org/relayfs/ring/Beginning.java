package org.relayfs.ring;

/// The place where an observation begins.
public enum Beginning {
    /// The oldest sub-buffer that is not overwritten.
    OLDEST,
    /// The first record that could not be read before.
    NOW,
    /// The first byte that nobody has consumed. For a consumer: what is in the open sub-buffer comes only when the
    /// channel is closed, because sub-buffers are given back as a whole.
    UNREAD
}
