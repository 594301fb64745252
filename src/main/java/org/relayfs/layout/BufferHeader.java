package org.relayfs.layout;

/// The control words of one buffer, at the start of its region in the channel's `meta` file.
///
/// Words written by different parties are on different 128-byte lines (two cache lines, because they are
/// prefetched in pairs). Positions count sub-buffers since the buffer was made and never go back; what files and
/// API show is the difference to [#BASE_OFFSET], which reset stores.
public final class BufferHeader {
    /// Reserve word, see [Geometry]. Written by writers (CAS).
    public static final int RESERVE_OFFSET = 0;

    /// Start of the first sub-buffer that nobody is waited for in, as a reserve word: who has announced a smaller one
    /// looks whether there is something to deliver when it is done. Only raised (CAS).
    public static final int ATTENTION_OFFSET = RESERVE_OFFSET + 8;

    /// Position of the sub-buffer that the reader is in. Written under the reader's lock.
    public static final int CONSUMED_OFFSET = 128;

    /// Bytes the reader has taken from that sub-buffer. Written under the reader's lock.
    public static final int READ_OFFSET_OFFSET = CONSUMED_OFFSET + 8;

    /// Payload bytes the reader has passed by reading or releasing, holes included. Written under the reader's lock.
    public static final int PASSED_BYTES_OFFSET = READ_OFFSET_OFFSET + 8;

    /// Payload bytes that were handed to readers. Written under the reader's lock.
    public static final int READ_BYTES_OFFSET = PASSED_BYTES_OFFSET + 8;

    /// Bit 0: a writer of another process waits for room; above it, how often such writers were woken. A
    /// [WaitingWord], on the line of who makes room.
    public static final int ROOM_WAITING_OFFSET = READ_BYTES_OFFSET + 8;

    /// Position up to which all sub-buffers are closed and complete. Written by deliverers (CAS).
    public static final int DELIVERED_OFFSET = 256;

    /// 1 while somebody wants to be told of the next delivery. Set by the owner, taken by the deliverer.
    public static final int ARMED_OFFSET = DELIVERED_OFFSET + 8;

    /// Payload bytes of closed sub-buffers. Written by closers (add).
    public static final int CLOSED_BYTES_OFFSET = 384;

    /// Attempts while full. Written by writers (add), like all losses below.
    public static final int FULL_OFFSET = CLOSED_BYTES_OFFSET + 8;

    /// Bytes refused because the buffer was full.
    public static final int FULL_BYTES_OFFSET = FULL_OFFSET + 8;

    /// Attempts with a record that was too big.
    public static final int BIG_OFFSET = FULL_BYTES_OFFSET + 8;

    /// Bytes refused because the record was too big.
    public static final int BIG_BYTES_OFFSET = BIG_OFFSET + 8;

    /// Attempts refused because somebody was in every sub-buffer, or every entry was claimed.
    public static final int STRAGGLER_OFFSET = BIG_BYTES_OFFSET + 8;

    /// Bytes refused then.
    public static final int STRAGGLER_BYTES_OFFSET = STRAGGLER_OFFSET + 8;

    /// Sub-buffers skipped because a writer had stalled in them.
    public static final int SKIPPED_OFFSET = STRAGGLER_BYTES_OFFSET + 8;

    /// Reservations given up: their writer died, stalled or aborted too late to take them back.
    public static final int ABANDONED_OFFSET = SKIPPED_OFFSET + 8;

    /// Bytes of those reservations.
    public static final int ABANDONED_BYTES_OFFSET = ABANDONED_OFFSET + 8;

    /// Reservations given back, after the reserve word was moved back. Written by writers (add).
    public static final int RETURNED_OFFSET = ABANDONED_BYTES_OFFSET + 8;

    /// Records refused because the buffer was full: attempts in FULL that have lost one. Written by writers (add).
    public static final int REFUSED_OFFSET = RETURNED_OFFSET + 8;

    /// Position that is shown as 0: where the last reset began.
    public static final int BASE_OFFSET = 512;

    /// CPU number.
    public static final int CPU_OFFSET = BASE_OFFSET + 8;

    /// What `st_size` shows beyond CLOSED_BYTES (negative after a truncation).
    public static final int SIZE_ADJUSTMENT_OFFSET = CPU_OFFSET + 8;

    /// [#FINALIZED] once the channel is closed, [#DAMAGED] once what cannot be was found, [#MOVED] once another buffer
    /// has taken its place: no writer will come again.
    public static final int FINALIZED_OFFSET = SIZE_ADJUSTMENT_OFFSET + 8;

    /// Values of the counters at the last reset, in their order from CLOSED_BYTES on; shown is the difference.
    public static final int COUNTER_BASES_OFFSET = FINALIZED_OFFSET + 8;

    /// PASSED_BYTES at the last reset.
    public static final int PASSED_BYTES_BASE_OFFSET = COUNTER_BASES_OFFSET + 80;

    /// READ_BYTES at the last reset.
    public static final int READ_BYTES_BASE_OFFSET = PASSED_BYTES_BASE_OFFSET + 8;

    /// Records of all entries at the last reset.
    public static final int RECORDS_BASE_OFFSET = READ_BYTES_BASE_OFFSET + 8;

    /// REFUSED at the last reset.
    public static final int REFUSED_BASE_OFFSET = RECORDS_BASE_OFFSET + 8;

    /// Payload bytes of closed sub-buffers in all generations before this one, once that before it was read to its end;
    /// 0 until then. Written by the owner, before the files of that one go.
    public static final int FORMER_BYTES_OFFSET = REFUSED_BASE_OFFSET + 8;

    /// Position of a sub-buffer seen to wait for a stalled writer.
    public static final int STALL_POSITION_OFFSET = 768;

    /// Since when, nanoseconds of CLOCK_MONOTONIC; 0 = nothing is stalled.
    public static final int STALL_SINCE_OFFSET = STALL_POSITION_OFFSET + 8;

    /// The reserve word then, when that sub-buffer was open; else 0.
    public static final int STALL_RESERVE_OFFSET = STALL_SINCE_OFFSET + 8;

    /// A digest of the entries of its writers then.
    public static final int STALL_WRITERS_OFFSET = STALL_RESERVE_OFFSET + 8;

    /// Table of writers between reserve and commit, see [InFlightTable].
    public static final int IN_FLIGHT_OFFSET = 896;

    /// Table of sub-buffers, see [SubBufferTable].
    public static final int SUB_BUFFERS_OFFSET = IN_FLIGHT_OFFSET + InFlightTable.SIZE;

    /// In FINALIZED: the channel is closed.
    public static final long FINALIZED = 1;

    /// In FINALIZED: the shared memory was found to be damaged.
    public static final long DAMAGED = 2;

    /// In FINALIZED: the channel was resized, and the buffer of the next generation takes the records.
    public static final long MOVED = 3;

    private BufferHeader() {}

    /// {@return bytes of one buffer's region, a multiple of 4096}
    ///
    /// @param subBufferCount N
    public static long regionSize(int subBufferCount) {
        long size = SUB_BUFFERS_OFFSET + (long) subBufferCount * SubBufferTable.STRIDE;
        return (size + 4095) & -4096L;
    }

    /// {@return bytes from one buffer's region to the next: a power of two, because a shift costs less than a
    /// product. What is between is never touched}
    ///
    /// @param subBufferCount N
    public static long regionStride(int subBufferCount) {
        return Long.highestOneBit(regionSize(subBufferCount) - 1) << 1;
    }

    /// {@return the reserve word}
    ///
    /// @param region address of the buffer's region
    public static long reserveVolatile(long region) {
        return Words.getVolatile(region, RESERVE_OFFSET);
    }

    /// {@return the reserve word; to be confirmed by [#reserveCompareAndSet]}
    ///
    /// @param region address of the buffer's region
    public static long reserveOpaque(long region) {
        return Words.getOpaque(region, RESERVE_OFFSET);
    }

    /// Takes space, or moves to another state. An acquire and a release: what the opener of the sub-buffer had
    /// seen, this thread sees.
    ///
    /// @param region   address of the buffer's region
    /// @param expected the word it must be
    /// @param word     the word it becomes
    /// @return true when it was done
    public static boolean reserveCompareAndSet(long region, long expected, long word) {
        return Words.compareAndSet(region, RESERVE_OFFSET, expected, word);
    }

    /// {@return the word up to which somebody waits, for the writer's look after its announcement}
    ///
    /// @param region address of the buffer's region
    public static long attentionOpaque(long region) {
        return Words.getOpaque(region, ATTENTION_OFFSET);
    }

    /// {@return the word up to which somebody waits}
    ///
    /// @param region address of the buffer's region
    public static long attentionVolatile(long region) {
        return Words.getVolatile(region, ATTENTION_OFFSET);
    }

    /// Asks the writers before a place to look.
    ///
    /// @param region   address of the buffer's region
    /// @param expected the word it must be
    /// @param word     a larger one
    /// @return true when it was done
    public static boolean attentionCompareAndSet(long region, long expected, long word) {
        return Words.compareAndSet(region, ATTENTION_OFFSET, expected, word);
    }

    /// {@return position of the reader's sub-buffer}
    ///
    /// @param region address of the buffer's region
    // pairs with: BufferHeader.consumedRelease
    public static long consumedAcquire(long region) {
        return Words.getAcquire(region, CONSUMED_OFFSET);
    }

    /// Gives the sub-buffers before a position back to the writers, after all loads from them.
    ///
    /// @param region   address of the buffer's region
    /// @param position the new position
    // pairs with: BufferHeader.consumedAcquire
    public static void consumedRelease(long region, long position) {
        Words.setRelease(region, CONSUMED_OFFSET, position);
    }

    /// {@return position up to which everything is delivered}
    ///
    /// @param region address of the buffer's region
    public static long deliveredVolatile(long region) {
        return Words.getVolatile(region, DELIVERED_OFFSET);
    }

    /// {@return true when it was done}
    ///
    /// @param region   address of the buffer's region
    /// @param expected the position it must be
    /// @param position the position it becomes
    public static boolean deliveredCompareAndSet(long region, long expected, long position) {
        return Words.compareAndSet(region, DELIVERED_OFFSET, expected, position);
    }

    /// {@return 1 while somebody wants to be told}
    ///
    /// @param region address of the buffer's region
    // Dekker with delivery: arm, then test; deliver, then test armed
    public static long armedVolatile(long region) {
        return Words.getVolatile(region, ARMED_OFFSET);
    }

    /// {@return the value before}
    ///
    /// @param region address of the buffer's region
    /// @param value  1 to arm, 0 to take
    public static long armedGetAndSet(long region, long value) {
        return Words.getAndSet(region, ARMED_OFFSET, value);
    }

    /// {@return its value}
    ///
    /// @param region address of the buffer's region
    /// @param offset one of the `_OFFSET` constants of a word that only the reader or the maker writes
    public static long wordOpaque(long region, int offset) {
        return Words.getOpaque(region, offset);
    }

    /// Stores a word that is not shared with writers.
    ///
    /// @param region address of the buffer's region
    /// @param offset one of the `_OFFSET` constants of a word that only the reader or the maker writes
    /// @param value  its new value
    public static void setWordOpaque(long region, int offset, long value) {
        Words.setOpaque(region, offset, value);
    }

    /// {@return its value}
    ///
    /// @param region address of the buffer's region
    /// @param offset one of the `_OFFSET` constants
    public static long wordVolatile(long region, int offset) {
        return Words.getVolatile(region, offset);
    }

    /// Stores a flag.
    ///
    /// @param region address of the buffer's region
    /// @param offset one of the `_OFFSET` constants of a flag
    /// @param value  its new value
    public static void setWordVolatile(long region, int offset, long value) {
        Words.setVolatile(region, offset, value);
    }

    /// Adds to a counter.
    ///
    /// @param region address of the buffer's region
    /// @param offset one of the `_OFFSET` constants of a counter
    /// @param delta  to add
    public static void counterGetAndAdd(long region, int offset, long delta) {
        Words.getAndAdd(region, offset, delta);
    }
}
