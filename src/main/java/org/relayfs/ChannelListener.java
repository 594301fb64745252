package org.relayfs;

import org.relayfs.buffer.ChannelBuffer;

/// A listener for channels and buffers that come and go, called in the order of the events. Calls come from the
/// thread that causes the change and must not block.
public interface ChannelListener {
    /// A named channel exists with all its first buffers.
    ///
    /// @param channel the channel
    void channelOpened(RelayChannel channel);

    /// A buffer was added for a CPU that came online later.
    ///
    /// @param channel the channel
    /// @param buffer  the new buffer
    void bufferAdded(RelayChannel channel, ChannelBuffer buffer);

    /// A named channel was resized: it has other buffers, and other files. Records in the old buffers are read first.
    ///
    /// @param channel the channel
    default void channelResized(RelayChannel channel) {}

    /// A named channel was closed; its buffers are finalized and stay readable for those who hold them.
    ///
    /// @param channel the channel
    void channelClosed(RelayChannel channel);
}
