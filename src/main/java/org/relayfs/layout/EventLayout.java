package org.relayfs.layout;

/// How events lie in a channel that holds nothing else, as CTF 1.8 has it: little-endian and packed. See
/// `docs/decisions/0013-events.md`.
///
/// ```
///  0 timestamp : 64 | id : 12 (lowest) | length of the payload : 20 | thread : 32 (highest)
/// 16 payload
/// ```
///
/// Each sub-buffer begins with an event of its own, of [#SUB_BUFFER_SIZE] bytes.
public final class EventLayout {
    /// Bytes before the payload.
    public static final int HEADER_SIZE = 16;

    /// Nanoseconds of CLOCK_MONOTONIC.
    public static final int TIMESTAMP_OFFSET = 0;

    /// Id, length and thread.
    public static final int WORD_OFFSET = TIMESTAMP_OFFSET + 8;

    /// Bits of the id.
    public static final int ID_BITS = 12;

    /// Most bytes of a payload.
    public static final int MAX_PAYLOAD = (1 << 20) - 1;

    /// What was given up.
    public static final int LOST = 0;

    /// A text.
    public static final int TEXT = 1;

    /// What a sub-buffer begins with.
    public static final int SUB_BUFFER = 2;

    /// Bytes of which nothing is known.
    public static final int BYTES = 3;

    /// In the first event of a sub-buffer: the bytes at its end that are not used, 32 bits; 0 while it is open.
    public static final int UNUSED_OFFSET = HEADER_SIZE;

    /// The number of the CPU, 32 bits.
    public static final int CPU_OFFSET = UNUSED_OFFSET + 4;

    /// How many sub-buffers of this buffer came before.
    public static final int POSITION_OFFSET = CPU_OFFSET + 4;

    /// CLOCK_MONOTONIC in nanoseconds.
    public static final int MONOTONIC_OFFSET = POSITION_OFFSET + 8;

    /// CLOCK_REALTIME at that moment, in nanoseconds.
    public static final int REALTIME_OFFSET = MONOTONIC_OFFSET + 8;

    /// Events refused by the buffer because it was full.
    public static final int FULL_OFFSET = REALTIME_OFFSET + 8;

    /// Events refused because they were too big.
    public static final int TOO_BIG_OFFSET = FULL_OFFSET + 8;

    /// Events refused because somebody was in every sub-buffer.
    public static final int STRAGGLER_OFFSET = TOO_BIG_OFFSET + 8;

    /// Events that were given up.
    public static final int ABANDONED_OFFSET = STRAGGLER_OFFSET + 8;

    /// Bytes of the first event of a sub-buffer.
    public static final int SUB_BUFFER_SIZE = ABANDONED_OFFSET + 8;

    /// The smallest sub-buffer that a channel of events can have.
    public static final int MIN_SUB_BUFFER_SIZE = 256;

    private EventLayout() {}

    /// {@return the second word of an event}
    ///
    /// @param id     of its type, 0 to 4095
    /// @param length of its payload, 0 to [#MAX_PAYLOAD]
    /// @param thread that logs it
    public static long word(int id, int length, int thread) {
        return (long) thread << 32 | (long) length << ID_BITS | id;
    }

    /// {@return how many bytes a payload has}
    ///
    /// @param word the second word of an event
    public static int length(long word) {
        return (int) word >>> ID_BITS;
    }

    /// {@return the bytes of the largest event, all of it}
    ///
    /// @param subBufferSize S
    public static long largest(long subBufferSize) {
        return Math.min(subBufferSize - SUB_BUFFER_SIZE, HEADER_SIZE + MAX_PAYLOAD);
    }
}
