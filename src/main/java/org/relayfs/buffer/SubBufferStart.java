package org.relayfs.buffer;

import java.lang.foreign.MemorySegment;

/// The sub-buffer that a [SwitchPolicy] decides on, and the header that it may reserve. Valid only during the call,
/// for the thread that switches.
public interface SubBufferStart {
    /// {@return the buffer; its P counts the previous sub-buffer only after the call ([#isFull()] tells whether it
    /// is full)}
    ChannelBuffer buffer();

    /// The bytes of the sub-buffer filled last. Its header may be written: readers get it after this call (and once
    /// more, with the same values, if a suspended buffer is tried again).
    ///
    /// @return S bytes of live memory, or null at creation and after a reset
    MemorySegment previousSubBuffer();

    /// {@return unused bytes at the end of the previous sub-buffer; 0 without one}
    long previousPadding();

    /// {@return true if the sub-buffer to be used has not been consumed}
    boolean isFull();

    /// Reserves the first bytes of the sub-buffer: relay's `subbuf_start_reserve`. They count as payload. The last
    /// call wins.
    ///
    /// @param length bytes, 0 to S - 2 (0 when S is 1)
    /// @return zero-filled memory of that length: its contents when the policy returns become the header
    /// @throws IllegalArgumentException the length is out of range
    MemorySegment reserveHeader(int length);

    /// {@return bytes reserved so far}
    int length();
}
