package org.relayfs;

import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.buffer.SwitchPolicy;

/// What a client may decide or be told of: relay's `rchan_callbacks`. Exceptions reach whoever caused the call; the
/// channel stays usable (a failed [#onSubBufferStart] counts as a refusal).
public interface ChannelCallbacks extends SwitchPolicy {
    /// A sub-buffer is about to be used (`subbuf_start`). By default it is used unless it has not been consumed:
    /// no-overwrite. Return true always for overwrite.
    @Override
    default boolean onSubBufferStart(SubBufferStart start) {
        return !start.isFull();
    }

    /// A buffer has been made and is about to get its file (`create_buf_file`); also called, with a null name, for an
    /// unnamed channel.
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
