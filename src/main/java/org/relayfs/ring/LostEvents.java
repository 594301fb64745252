package org.relayfs.ring;

import org.relayfs.layout.EventLayout;
import org.relayfs.memory.RecordCopy;

/// What is left of events that were given up: `lost` events of the same length, so that what follows can be found.
final class LostEvents {
    private static final long MOST = EventLayout.HEADER_SIZE + EventLayout.MAX_PAYLOAD;

    private LostEvents() {}

    /// Fills bytes with such events: one, unless they are more than an event can have.
    ///
    /// @param offset of the first byte in its sub-buffer
    /// @param length at least the bytes of an event without a payload
    /// @param time   of all of them
    static void put(Ring ring, int index, long offset, long length, long time) {
        long at = ring.address(index, offset);
        long left = length;
        while (left > 0) {
            // What is left behind an event must have room for the header of the next one.
            long taken = left <= MOST ? left : Math.min(MOST, left - EventLayout.HEADER_SIZE);
            RecordCopy.putLong(at, time);
            RecordCopy.putLong(
                    at + EventLayout.WORD_OFFSET,
                    EventLayout.word(EventLayout.LOST, (int) taken - EventLayout.HEADER_SIZE, 0));
            at += taken;
            left -= taken;
        }
    }
}
