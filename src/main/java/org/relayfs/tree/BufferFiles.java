package org.relayfs.tree;

/// The maker of the files of a channel's buffers.
@FunctionalInterface
interface BufferFiles {
    /// @param own the channel's directory
    void put(ChannelLife life, Directory own);
}
