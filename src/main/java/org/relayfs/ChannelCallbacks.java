package org.relayfs;

import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.buffer.SwitchPolicy;

/// The decisions and notifications of a channel's client: relay's `rchan_callbacks`. Exceptions reach whoever
/// caused the call; the channel stays usable (a failed [#onSubBufferStart] counts as a refusal).
public interface ChannelCallbacks extends SwitchPolicy {
    /// A sub-buffer is about to be used (`subbuf_start`). The default uses it if it has been consumed:
    /// no-overwrite. Always return true for overwrite.
    @Override
    default boolean onSubBufferStart(SubBufferStart start) {
        return !start.isFull();
    }

    /// A buffer has been created and is about to get its file (`create_buf_file`); also called, with a null name,
    /// for an unnamed channel.
    ///
    /// @param name   proposed file name: the base name and the CPU number
    /// @param buffer the buffer
    /// @return the file name to use; null refuses the buffer, and with it the channel
    default String onCreateBufferFile(String name, ChannelBuffer buffer) {
        return name == null ? "" : name;
    }

    /// A buffer's file has been removed (`remove_buf_file`).
    ///
    /// @param name   its name
    /// @param buffer the buffer
    default void onRemoveBufferFile(String name, ChannelBuffer buffer) {}
}
