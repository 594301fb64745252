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
    /// The file may be anywhere in the mount, under any name that is free there. Directories that it needs are made
    /// for it, and go with the last file in them; those of [org.relayfs.fuse.MountFiles#directory] are as good. A
    /// place that cannot be, or is taken, leaves the buffer without a file, and the log says so: the mount is asked
    /// only when the channel is there.
    ///
    /// @param name   proposed: the base name and the CPU number, in [ChannelConfig#fileDirectory] if there is one
    /// @param buffer the buffer
    /// @return the file to make: a name, which may have subdirectories before it, for the channel's directory, or
    ///     an absolute path inside the mount such as `/diskstat0` or `/myapp/block/sda/trace0`; null refuses the
    ///     buffer, and with it the channel
    default String onCreateBufferFile(String name, ChannelBuffer buffer) {
        return name == null ? "" : name;
    }

    /// A buffer's file has been removed (`remove_buf_file`).
    ///
    /// @param name   what [#onCreateBufferFile] has returned for it
    /// @param buffer the buffer
    default void onRemoveBufferFile(String name, ChannelBuffer buffer) {}
}
