package org.relayfs.layout;

/// The writers between reserve and commit, one entry each, so that the bytes of a writer that dies there can be
/// found.
///
/// ```
///    0 WORD     reserve word from which the reservation starts (its offset is the reservation's); 0 = entry is free
///    8 EXTENT   state << 40 | process slot << 32 | length
///   16 CLOSING  reserve word of the sub-buffer that the writer is closing or skipping; 0 = none
///   24 OWNER    process slot + 1 while the entry is claimed (second half of the table only)
/// ```
///
/// The first half is indexed by a hash of the thread. A thread uses its entry if it finds it free, without
/// claiming it; a writer that was preempted or killed keeps its entry busy, and others of the same hash claim one
/// of the second half.
///
/// The states, in the order in which a writer stores them, tell what a dead writer had done: PLANNED (0): its CAS
/// may have taken the space or not. RESERVED: it has, and none of it is committed. HEADER_DONE, with padding
/// headers: none but the header. COMMITTING: the add may have been made or not. Each is one plain store to a line
/// that the writer has anyway.
public final class InFlightTable {
    /// The start of the reservation.
    public static final int WORD_OFFSET = 0;

    /// Its owner, length and state.
    public static final int EXTENT_OFFSET = WORD_OFFSET + 8;

    /// What is being closed.
    public static final int CLOSING_OFFSET = EXTENT_OFFSET + 8;

    /// Who has claimed the entry.
    public static final int OWNER_OFFSET = CLOSING_OFFSET + 8;

    /// Bytes of one entry.
    public static final int STRIDE = 32;

    /// Entries indexed by thread.
    public static final int THREAD_ENTRIES = 32;

    /// Entries that are claimed: by Reservations, and by threads whose own entry is busy.
    public static final int CLAIMED_ENTRIES = 32;

    /// Bytes of the table.
    public static final int SIZE = (THREAD_ENTRIES + CLAIMED_ENTRIES) * STRIDE;

    /// In EXTENT: the space is the writer's.
    public static final long RESERVED = 1L << 40;

    /// In EXTENT: the space is about to be committed.
    public static final long COMMITTING = 1L << 41;

    /// In EXTENT: the header before the record has been committed.
    public static final long HEADER_DONE = 1L << 42;

    /// In CLOSING: the closer has counted the payload. All reserve words are smaller.
    public static final long COUNTED = Geometry.RESERVE_WORD_LIMIT;

    // In WORD: not free, and larger than any reserve word.
    private static final long FREEING = Geometry.RESERVE_WORD_LIMIT;

    private static final long PROGRESS = RESERVED | COMMITTING;

    private InFlightTable() {}

    /// {@return the process slot in an extent}
    ///
    /// @param extent what [#extentVolatile] returned
    public static int process(long extent) {
        return (int) (extent >>> 32) & 0xFF;
    }

    /// {@return the length in an extent}
    ///
    /// @param extent what [#extentVolatile] returned
    public static long length(long extent) {
        return extent & 0xFFFFFFFFL;
    }

    /// {@return true when the entry is of the second half}
    ///
    /// @param region address of the buffer's region
    /// @param entry  address of an entry
    public static boolean isClaimed(long region, long entry) {
        return entry - entry(region, THREAD_ENTRIES) >= 0
                && entry - entry(region, THREAD_ENTRIES + CLAIMED_ENTRIES) < 0;
    }

    /// {@return address of a thread's entry}
    ///
    /// @param region address of the buffer's region
    /// @param index  any number; the lowest five bits count
    public static long threadEntry(long region, long index) {
        return region + BufferHeader.IN_FLIGHT_OFFSET + (index & (THREAD_ENTRIES - 1)) * STRIDE;
    }

    /// {@return address of an entry of either half}
    ///
    /// @param region address of the buffer's region
    /// @param index  0 to THREAD_ENTRIES + CLAIMED_ENTRIES - 1
    public static long entry(long region, int index) {
        return region + BufferHeader.IN_FLIGHT_OFFSET + (long) index * STRIDE;
    }

    /// Announces what is going to be reserved. Made visible by the CAS of the reserve word that follows.
    ///
    /// @param entry  address of the entry
    /// @param word   reserve word from which the reservation starts
    /// @param extent process slot << 32 | length
    public static void announceOpaque(long entry, long word, long extent) {
        Words.setOpaque(entry + EXTENT_OFFSET, extent);
        Words.setOpaque(entry + WORD_OFFSET, word);
    }

    /// Announces the state of the reservation: a plain store.
    ///
    /// @param entry  address of the entry
    /// @param extent states | process slot << 32 | length
    public static void extentOpaque(long entry, long extent) {
        Words.setOpaque(entry + EXTENT_OFFSET, extent);
    }

    /// Announces the state of the reservation, and keeps the mark that the header is done.
    ///
    /// @param entry  address of the entry, the caller's
    /// @param states what holds now; 0 for PLANNED
    public static void statesOpaque(long entry, long states) {
        extentOpaque(entry, Words.getOpaque(entry + EXTENT_OFFSET) & ~PROGRESS | states);
    }

    /// Announces that the bytes are about to be committed. Before the add, which releases it.
    ///
    /// @param entry address of the entry, the caller's
    public static void committingOpaque(long entry) {
        statesOpaque(entry, PROGRESS);
    }

    /// {@return 0 when the entry is free, for the writer's own look at it}
    ///
    /// @param entry address of the entry
    public static long wordOpaque(long entry) {
        return Words.getOpaque(entry + WORD_OFFSET);
    }

    /// Withdraws the announcement, after the commit.
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.wordVolatile
    public static void clearRelease(long entry) {
        Words.setRelease(entry + WORD_OFFSET, 0);
    }

    /// {@return reserve word from which the reservation starts, 0 = nothing in flight}
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.clearRelease, InFlightTable.release, InFlightTable.free
    public static long wordVolatile(long entry) {
        return Words.getVolatile(entry + WORD_OFFSET);
    }

    /// {@return process slot << 32 | length}
    ///
    /// @param entry address of the entry
    public static long extentVolatile(long entry) {
        return Words.getVolatile(entry + EXTENT_OFFSET);
    }

    /// {@return reserve word of the sub-buffer being closed, 0 = none}
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.closingRelease, InFlightTable.free
    public static long closingVolatile(long entry) {
        return Words.getVolatile(entry + CLOSING_OFFSET);
    }

    /// Announces what is being closed.
    ///
    /// @param entry address of the entry
    /// @param word  reserve word of the sub-buffer being closed, 0 = none
    // pairs with: InFlightTable.closingVolatile
    public static void closingRelease(long entry, long word) {
        Words.setRelease(entry + CLOSING_OFFSET, word);
    }

    /// {@return true when it is the caller's now}
    ///
    /// @param entry   address of an entry of the second half
    /// @param process slot of the caller's process
    public static boolean claim(long entry, int process) {
        return Words.compareAndSet(entry + OWNER_OFFSET, 0, process + 1L);
    }

    /// {@return process slot + 1 of who has claimed it, 0 for nobody}
    ///
    /// @param entry address of an entry of the second half
    // pairs with: InFlightTable.release
    public static long ownerVolatile(long entry) {
        return Words.getVolatile(entry + OWNER_OFFSET);
    }

    /// Gives a claimed entry back.
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.wordVolatile, InFlightTable.ownerVolatile
    public static void release(long entry) {
        Words.setRelease(entry + WORD_OFFSET, 0);
        Words.setRelease(entry + OWNER_OFFSET, 0);
    }

    /// Frees an entry of a process that has died. Several may try: it is done once.
    ///
    /// @param entry  address of the entry
    /// @param word   what is announced there, or 0 when it is only claimed
    /// @param owner  who has claimed it, or 0
    // pairs with: InFlightTable.wordVolatile, InFlightTable.closingVolatile
    public static void free(long entry, long word, long owner) {
        if (word == 0 || Words.compareAndSet(entry + WORD_OFFSET, word, FREEING)) {
            if (word != 0) {
                Words.setRelease(entry + CLOSING_OFFSET, 0);
                Words.setRelease(entry + WORD_OFFSET, 0);
            }
            Words.compareAndSet(entry + OWNER_OFFSET, owner, 0);
        }
    }
}
