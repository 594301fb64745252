package org.relayfs.layout;

/// What writers are about: one entry for each writer between reserve and commit, so that the bytes of one that dies
/// there can be found.
///
/// ```
///    0 WORD     reserve word from which the reservation starts (its offset is the reservation's); 0 = nothing in
/// flight
///    8 EXTENT   process slot << 32 | length
///   16 CLOSING  reserve word of the sub-buffer that the writer is closing; 0 = none
///   24 OWNER    1 while the entry belongs to a Reservation (second half of the table only)
/// ```
///
/// The first half is indexed by a hash of the thread and shared without a claim: it costs the writer three plain
/// stores to a line of its own CPU. Two writers of one entry at the same time hide one of them; then its bytes cannot
/// be found, and its whole sub-buffer is given up if it dies. The second half is claimed.
public final class InFlightTable {
    /// Where the reservation starts.
    public static final int WORD_OFFSET = 0;

    /// Whose it is and how long.
    public static final int EXTENT_OFFSET = WORD_OFFSET + 8;

    /// What is being closed.
    public static final int CLOSING_OFFSET = EXTENT_OFFSET + 8;

    /// Whether a Reservation holds the entry.
    public static final int OWNER_OFFSET = CLOSING_OFFSET + 8;

    /// Bytes of one entry.
    public static final int STRIDE = 32;

    /// Entries indexed by thread.
    public static final int THREAD_ENTRIES = 32;

    /// Entries that Reservations claim.
    public static final int RESERVATION_ENTRIES = 32;

    /// Bytes of the table.
    public static final int SIZE = (THREAD_ENTRIES + RESERVATION_ENTRIES) * STRIDE;

    private InFlightTable() {}

    /// {@return address of a thread's entry}
    ///
    /// @param buffer address of the buffer's region
    /// @param index  any number; the lowest five bits count
    public static long threadEntry(long buffer, long index) {
        return buffer + BufferHeader.IN_FLIGHT_OFFSET + (index & (THREAD_ENTRIES - 1)) * STRIDE;
    }

    /// {@return address of an entry of either half}
    ///
    /// @param buffer address of the buffer's region
    /// @param index  0 to THREAD_ENTRIES + RESERVATION_ENTRIES - 1
    public static long entry(long buffer, int index) {
        return buffer + BufferHeader.IN_FLIGHT_OFFSET + (long) index * STRIDE;
    }

    /// Says what is going to be reserved. Made visible by the CAS of the reserve word that follows.
    ///
    /// @param entry  address of the entry
    /// @param word   reserve word from which the reservation starts
    /// @param extent process slot << 32 | length
    public static void announceOpaque(long entry, long word, long extent) {
        Words.setOpaque(entry + EXTENT_OFFSET, extent);
        Words.setOpaque(entry + WORD_OFFSET, word);
    }

    /// Takes the announcement back, after the commit.
    ///
    /// @param entry address of the entry
    public static void clearRelease(long entry) {
        Words.setRelease(entry + WORD_OFFSET, 0);
    }

    /// {@return reserve word from which the reservation starts, 0 = nothing in flight}
    ///
    /// @param entry address of the entry
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
    public static long closingVolatile(long entry) {
        return Words.getVolatile(entry + CLOSING_OFFSET);
    }

    /// Says what is being closed.
    ///
    /// @param entry address of the entry
    /// @param word  reserve word of the sub-buffer being closed, 0 = none
    public static void closingRelease(long entry, long word) {
        Words.setRelease(entry + CLOSING_OFFSET, word);
    }

    /// {@return true when it is the caller's}
    ///
    /// @param entry address of the entry
    public static boolean claim(long entry) {
        return Words.compareAndSet(entry + OWNER_OFFSET, 0, 1);
    }

    /// Gives a claimed entry back.
    ///
    /// @param entry address of the entry
    public static void release(long entry) {
        Words.setRelease(entry + WORD_OFFSET, 0);
        Words.setRelease(entry + OWNER_OFFSET, 0);
    }
}
