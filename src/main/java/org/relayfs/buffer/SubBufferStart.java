package org.relayfs.buffer;

import java.lang.foreign.MemorySegment;

/// What a [SwitchPolicy] is told, and the header that it may reserve. Valid during the call only, for the thread that
/// switches.
public interface SubBufferStart {
    /// {@return the buffer; its P counts the previous sub-buffer when this call has returned (whether it is full is
    /// told by [#isFull()])}
    ChannelBuffer buffer();

    /// The bytes of the sub-buffer filled last. Its header may be written: readers get it after this call (again,
    /// with the same values, when a suspended buffer is tried again).
    ///
    /// @return S bytes of live memory, or null at creation and after a reset
    MemorySegment previousSubBuffer();

    /// {@return unused bytes at the end of the previous sub-buffer; 0 without one}
    long previousPadding();

    /// {@return true when the sub-buffer to be used has not been consumed}
    boolean isFull();

    /// Reserves the first bytes of the sub-buffer: relay's `subbuf_start_reserve`. They count as payload. The last
    /// call wins.
    ///
    /// @param length bytes, 0 to S - 2 (0 when S is 1)
    /// @return zero-filled memory of that length: what it holds when the policy returns becomes the header
    /// @throws IllegalArgumentException the length is out of range
    MemorySegment reserveHeader(int length);

    /// {@return bytes reserved so far}
    int length();
}
