package org.relayfs;

import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.ChannelBuffer;

/// What a client may decide or be told of: relay's `rchan_callbacks`.
public interface ChannelCallbacks {
    /// A sub-buffer is about to be used (`subbuf_start`).
    ///
    /// @param start what is known of the switch, and the way to reserve a header
    /// @return true to use it; false to suspend the buffer and drop the record
    default boolean onSubBufferStart(SubBufferStart start) {
        return !start.isFull();
    }

    /// A buffer has been made and is about to get its file (`create_buf_file`).
    ///
    /// @param name   proposed file name: the base name and the CPU number
    /// @param buffer the buffer
    /// @return the file name to use
    default String onCreateBufferFile(String name, ChannelBuffer buffer) {
        return name;
    }

    /// A buffer's file has been removed (`remove_buf_file`).
    ///
    /// @param name   its name
    /// @param buffer the buffer
    default void onRemoveBufferFile(String name, ChannelBuffer buffer) {}

    /// The switch that `subbuf_start` decides on. Valid during the callback only.
    interface SubBufferStart {
        /// @return the buffer
        ChannelBuffer buffer();

        /// @return the bytes of the sub-buffer to be used; the callback may write the header that it reserves
        MemorySegment subBuffer();

        /// @return the bytes of the sub-buffer just filled, or null at the start and after a reset
        MemorySegment previousSubBuffer();

        /// @return unused bytes at the end of the previous sub-buffer, 0 without one
        long previousPadding();

        /// @return true when the sub-buffer to be used has not been consumed
        boolean isFull();

        /// Reserves the first bytes of the sub-buffer (`subbuf_start_reserve`).
        ///
        /// @param length bytes, less than the sub-buffer size minus one
        void reserveHeader(long length);
    }
}
