package org.relayfs.tool.shipping;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.relayfs.layout.EventLayout;

/// The times of the first and the last event of a sub-buffer.
///
/// @param first of the channel's clock
/// @param last  of the channel's clock
record EventTimes(long first, long last) {
    /// @param bytes whole events
    /// @return null when there are none
    static EventTimes of(byte[] bytes) {
        ByteBuffer events = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int last = -1;
        int at = 0;
        while (bytes.length - at >= EventLayout.HEADER_SIZE) {
            last = at;
            at += EventLayout.HEADER_SIZE + EventLayout.length(events.getLong(at + EventLayout.WORD_OFFSET));
        }
        return last < 0 ? null : new EventTimes(events.getLong(0), events.getLong(last));
    }
}
