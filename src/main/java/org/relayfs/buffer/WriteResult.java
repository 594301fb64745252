package org.relayfs.buffer;

/// The named results of a write: a length (>= 0) if the record was accepted, otherwise one of these.
///
/// A refusal is a value and never an exception, because a full buffer is a normal state of a relay. Every refusal
/// but [#DISABLED] and [#CLOSED] is counted by cause in the buffer's [BufferStats].
public final class WriteResult {
    /// The buffer is full and in no-overwrite mode; counted as `full`.
    public static final int FULL = -1;

    /// The record is longer than a sub-buffer minus its header; counted as `big`.
    public static final int TOO_BIG = -2;

    /// A stalled writer is still in each sub-buffer that could be opened, or as many reservations are open in the
    /// buffer as there can be, see [Reservation]; counted as `straggler`.
    public static final int STRAGGLER = -3;

    /// The channel is disabled. That was intended, so it is neither a loss nor counted.
    public static final int DISABLED = -4;

    /// The channel has been closed; not counted.
    public static final int CLOSED = -5;

    /// The buffer's shared memory is damaged, see [DamagedBufferException]; not counted. If a file of it has been made
    /// shorter, the JVM may throw an [InternalError] instead, as it does for every mapped file.
    public static final int DAMAGED = -6;

    private WriteResult() {}
}
