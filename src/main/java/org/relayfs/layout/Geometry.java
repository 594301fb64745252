package org.relayfs.layout;

/// The shape of a channel's buffers, and its encoding in the words of the shared memory. Immutable.
///
/// Reserve word, one per buffer (the only word writers compete for):
///
/// ```
///  63                    K+1+I        K+1    K        0
///   | lap                  | idx (I bits) | LIVE | off (K bits) |
/// ```
///
/// `off` is 0..S while the sub-buffer is open and S+1 when it is closed. LIVE is set while writers are welcome, so
/// that a zero word (fresh memory), a disabled and a finalized buffer all fail the writers' one test by value.
public final class Geometry {
    /// Most bytes of one buffer: 2 GiB.
    public static final long MAX_BUFFER_SIZE = 1L << 31;

    /// Most sub-buffers of one buffer; the kernel's own limit on its padding table.
    public static final int MAX_SUB_BUFFER_COUNT = 524_288;

    /// All reserve words are smaller.
    static final long RESERVE_WORD_LIMIT = 1L << 62;

    private final long subBufferSize;
    private final int subBufferCount;
    private final int headerLength;
    private final int offsetBits;
    private final int indexBits;

    /// Derives the packing from the shape.
    ///
    /// @param subBufferSize  S in bytes, at least 1
    /// @param subBufferCount N, 1 to [#MAX_SUB_BUFFER_COUNT]; S times N at most [#MAX_BUFFER_SIZE]
    /// @param headerLength   bytes at the start of each sub-buffer that hold its padding: 0, or 4 or 8 when that is
    ///     less than S-1; [EventLayout#SUB_BUFFER_SIZE] for events
    /// @throws IllegalArgumentException a value is out of range
    public Geometry(long subBufferSize, int subBufferCount, int headerLength) {
        if (subBufferSize < 1 || subBufferSize > MAX_BUFFER_SIZE) {
            throw new IllegalArgumentException(
                    "sub-buffer size: subbuf_size=" + subBufferSize + ", limit=1.." + MAX_BUFFER_SIZE);
        }
        if (subBufferCount < 1 || subBufferCount > MAX_SUB_BUFFER_COUNT) {
            throw new IllegalArgumentException(
                    "sub-buffer count: n_subbufs=" + subBufferCount + ", limit=1.." + MAX_SUB_BUFFER_COUNT);
        }
        if (subBufferSize * subBufferCount > MAX_BUFFER_SIZE) {
            throw new IllegalArgumentException("buffer size: subbuf_size*n_subbufs=" + subBufferSize * subBufferCount
                    + ", limit=" + MAX_BUFFER_SIZE);
        }
        boolean events = headerLength == EventLayout.SUB_BUFFER_SIZE;
        if (events && subBufferSize < EventLayout.MIN_SUB_BUFFER_SIZE) {
            throw new IllegalArgumentException("events: they need a larger sub-buffer: subbuf_size=" + subBufferSize
                    + ", limit=" + EventLayout.MIN_SUB_BUFFER_SIZE + " or more");
        }
        if (!events && headerLength != 0 && headerLength != Integer.BYTES && headerLength != Long.BYTES) {
            throw new IllegalArgumentException(
                    "header: a padding header of " + headerLength + " bytes, limit=0, 4 or 8");
        }
        if (headerLength > 0 && headerLength >= subBufferSize - 1) {
            throw new IllegalArgumentException("header: a padding header of " + headerLength
                    + " bytes needs a larger sub-buffer: subbuf_size=" + subBufferSize + ", limit="
                    + (headerLength + 2) + " or more");
        }
        this.subBufferSize = subBufferSize;
        this.subBufferCount = subBufferCount;
        this.headerLength = headerLength;
        this.offsetBits = Long.SIZE - Long.numberOfLeadingZeros(subBufferSize + 1);
        this.indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(subBufferCount - 1);
    }

    /// {@return S in bytes}
    public long subBufferSize() {
        return subBufferSize;
    }

    /// {@return N}
    public int subBufferCount() {
        return subBufferCount;
    }

    /// {@return bytes of the built-in padding header, or of the event that a sub-buffer begins with; 0 without one}
    public int headerLength() {
        return headerLength;
    }

    /// {@return true when all that is in the buffers are events, see [EventLayout]}
    public boolean hasEvents() {
        return headerLength == EventLayout.SUB_BUFFER_SIZE;
    }

    /// {@return S times N in bytes}
    public long bufferSize() {
        return subBufferSize * subBufferCount;
    }

    /// {@return the value of `off` that means closed}
    public long closedOffset() {
        return subBufferSize + 1;
    }

    /// {@return mask of the reserve word's `off`, and of the payload in an INFO word}
    public long offsetMask() {
        return (1L << offsetBits) - 1;
    }

    /// {@return the reserve word's LIVE bit}
    public long liveBit() {
        return 1L << offsetBits;
    }

    /// {@return K}
    public int offsetBits() {
        return offsetBits;
    }

    /// {@return mask of a sub-buffer index, to be applied to a reserve word shifted right by K+1}
    public long indexMask() {
        return (1L << indexBits) - 1;
    }

    /// {@return false when it cannot be a reserve word: shared memory that somebody else has written to}
    ///
    /// @param word from shared memory
    public boolean isReserveWord(long word) {
        return word > 0 && word < RESERVE_WORD_LIMIT && index(word) < subBufferCount && offset(word) <= closedOffset();
    }

    /// {@return a reserve word}
    ///
    /// @param lap    of the ring
    /// @param index  of the sub-buffer
    /// @param offset 0..S, or [#closedOffset()]
    /// @param live   the LIVE bit: 0 or [#liveBit()]
    public long reserveWord(long lap, int index, long offset, long live) {
        return (((lap << indexBits) | index) << (offsetBits + 1)) | live | offset;
    }

    /// {@return its `off`}
    ///
    /// @param word a reserve word
    public long offset(long word) {
        return word & offsetMask();
    }

    /// {@return true when its sub-buffer is open}
    ///
    /// @param word a reserve word
    public boolean isOpen(long word) {
        return offset(word) <= subBufferSize;
    }

    /// {@return its LIVE bit in place: 0 or [#liveBit()]}
    ///
    /// @param word a reserve word
    public long live(long word) {
        return word & liveBit();
    }

    /// {@return index of its sub-buffer}
    ///
    /// @param word a reserve word
    public int index(long word) {
        return (int) ((word >>> (offsetBits + 1)) & indexMask());
    }

    /// {@return its lap}
    ///
    /// @param word a reserve word
    public long lap(long word) {
        return word >>> (offsetBits + 1 + indexBits);
    }

    /// {@return position of its sub-buffer in the sequence of all sub-buffers}
    ///
    /// @param word a reserve word
    public long position(long word) {
        return lap(word) * subBufferCount + index(word);
    }

    /// {@return the last lap that a reserve word can hold; for 256 KiB it is 70 years of a switch each millisecond
    /// away}
    public long lastLap() {
        return (RESERVE_WORD_LIMIT >>> (offsetBits + 1 + indexBits)) - 1;
    }

    /// {@return the lap it falls into}
    ///
    /// @param position in the sequence of all sub-buffers
    public long lapOf(long position) {
        return position / subBufferCount;
    }

    /// {@return index of its sub-buffer}
    ///
    /// @param position in the sequence of all sub-buffers
    public int indexOf(long position) {
        return (int) (position % subBufferCount);
    }

    /// {@return what is equal for all reserve words of a sub-buffer in one lap, and grows with its position}
    ///
    /// @param word a reserve word
    public long place(long word) {
        return word >>> (offsetBits + 1);
    }

    /// {@return the reserve word of its first byte}
    ///
    /// @param position in the sequence of all sub-buffers
    public long startOf(long position) {
        return reserveWord(lapOf(position), indexOf(position), 0, 0);
    }

    /// {@return how far the ring has gone: bytes from position 0 to the next byte to be reserved, padding included}
    ///
    /// @param word a reserve word
    public long distance(long word) {
        return position(word) * subBufferSize + Math.min(offset(word), subBufferSize);
    }
}
