package org.relayfs.layout;

/// The writers of a buffer, one entry each: what each of them is about, how many bytes it has ever taken and how many
/// records it has committed. A sub-buffer is complete when no entry names it any more.
///
/// ```
///    0 WORD     reserve word from which the reservation starts; NO_CLAIM: busy with something else; 0: free
///    8 EXTENT   see Extent
///   16 TOTAL    twice the bytes by which this entry's writers have moved the reserve word; bit 0 flips with
///   each move
///   24 RECORDS  records committed
///   32 CLOSING  reserve word of the sub-buffer that the writer is closing or skipping; 0 = none
///   40 OWNER    process slot + 1 while the entry is claimed (the first entries only)
///   48 DELTA    with the flag MOVES: by how many bytes the announced change moves the reserve word
///   56 TIME     the timestamp of the event that is being written, in a channel of events
/// ```
///
/// An entry has one writer at a time: the first [#CLAIMED_ENTRIES] are claimed by CAS; of the others each process has
/// a range, and in it each of its threads the entry of its own index.
///
/// A change of the reserve word is announced with the lowest bits of TOTAL and RECORDS. If TOTAL has flipped
/// since, the change was made; if RECORDS has, the record is complete. So only a writer that stops between its
/// CAS and the store of TOTAL leaves a doubt, and the sum of all TOTALs resolves it: it is the distance that
/// the reserve word has gone.
public final class InFlightTable {
    /// The start of the reservation.
    public static final int WORD_OFFSET = 0;

    /// Its owner, length and flags.
    public static final int EXTENT_OFFSET = WORD_OFFSET + 8;

    /// Bytes taken.
    public static final int TOTAL_OFFSET = EXTENT_OFFSET + 8;

    /// Records committed.
    public static final int RECORDS_OFFSET = TOTAL_OFFSET + 8;

    /// What is being closed.
    public static final int CLOSING_OFFSET = RECORDS_OFFSET + 8;

    /// Who has claimed the entry.
    public static final int OWNER_OFFSET = CLOSING_OFFSET + 8;

    /// How far an announced change goes.
    public static final int DELTA_OFFSET = OWNER_OFFSET + 8;

    /// When an event is written.
    public static final int TIME_OFFSET = DELTA_OFFSET + 8;

    /// Bytes of one entry.
    public static final int STRIDE = 64;

    /// Entries that are claimed: by Reservations, and by threads that have no other.
    public static final int CLAIMED_ENTRIES = 64;

    /// Entries of the owner's threads.
    public static final int OWNER_ENTRIES = 64;

    /// Attached processes whose threads have entries; those of the others claim one for each record.
    public static final int RANGES = 12;

    /// Entries of the threads of each of these.
    public static final int RANGE_ENTRIES = 8;

    /// All entries.
    public static final int ENTRIES = CLAIMED_ENTRIES + OWNER_ENTRIES + RANGES * RANGE_ENTRIES;

    /// Bytes of the table.
    public static final int SIZE = ENTRIES * STRIDE;

    /// In WORD: the entry is in use, and nothing is reserved. All reserve words are smaller.
    public static final long NO_CLAIM = Geometry.RESERVE_WORD_LIMIT;

    /// In CLOSING: the closer has counted the payload. All reserve words are smaller.
    public static final long COUNTED = Geometry.RESERVE_WORD_LIMIT;

    // In WORD: not free, not a reserve word, and not what anybody has announced.
    private static final long FREEING = NO_CLAIM + 1;

    /// The process that the entries of an owner name which is dead, and whose memory another process has taken over:
    /// the number of no slot.
    public static final int FORMER_OWNER = 255;

    private InFlightTable() {}

    /// {@return TOTAL after a change of the reserve word}
    ///
    /// @param total TOTAL before
    /// @param delta bytes by which the word was moved
    public static long moved(long total, long delta) {
        return total + 2 * delta ^ 1;
    }

    /// {@return true when the entry is one of those that are claimed}
    ///
    /// @param region address of the buffer's region
    /// @param entry  address of an entry
    public static boolean isClaimed(long region, long entry) {
        return entry - entry(region, 0) < (long) CLAIMED_ENTRIES * STRIDE;
    }

    /// {@return index of the first entry of a process's threads}
    ///
    /// @param process slot
    public static int firstOf(int process) {
        return process == 0 ? CLAIMED_ENTRIES : CLAIMED_ENTRIES + OWNER_ENTRIES + (process - 1) * RANGE_ENTRIES;
    }

    /// {@return how many entries the threads of a process have}
    ///
    /// @param process slot
    public static int countOf(int process) {
        return process == 0 ? OWNER_ENTRIES : process <= RANGES ? RANGE_ENTRIES : 0;
    }

    /// {@return address of an entry}
    ///
    /// @param region address of the buffer's region
    /// @param index  0 to [#ENTRIES] - 1
    public static long entry(long region, int index) {
        return region + BufferHeader.IN_FLIGHT_OFFSET + (long) index * STRIDE;
    }

    /// Announces what is going to be reserved. The claim is released, so that who sees it sees all that this entry's
    /// writer has done before; the CAS of the reserve word that follows makes it visible.
    ///
    /// @param entry  address of the entry
    /// @param word   reserve word from which the reservation starts, or [#NO_CLAIM]
    /// @param extent flags, process slot and length
    // pairs with: InFlightTable.wordAcquire
    public static void announce(long entry, long word, long extent) {
        Words.setOpaque(entry, EXTENT_OFFSET, extent);
        Words.setRelease(entry, WORD_OFFSET, word);
    }

    /// {@return 0 when the entry is free, for the writer's own look at it}
    ///
    /// @param entry address of the entry
    public static long wordOpaque(long entry) {
        return Words.getOpaque(entry, WORD_OFFSET);
    }

    /// {@return reserve word from which the reservation starts, 0 = nothing in flight; and all that its writer has
    /// stored before}
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.setWordRelease, InFlightTable.announce, InFlightTable.release, InFlightTable.free
    public static long wordAcquire(long entry) {
        return Words.getAcquire(entry, WORD_OFFSET);
    }

    /// Withdraws the announcement, after all that it stood for: this publishes the record.
    ///
    /// @param entry address of the entry
    /// @param word  0, or [#NO_CLAIM] when the entry stays in use
    // pairs with: InFlightTable.wordAcquire
    public static void setWordRelease(long entry, long word) {
        Words.setRelease(entry, WORD_OFFSET, word);
    }

    /// {@return flags, process slot and length}
    ///
    /// @param entry address of the entry
    public static long extentAcquire(long entry) {
        return Words.getAcquire(entry, EXTENT_OFFSET);
    }

    /// Changes the announcement, whose claim stays.
    ///
    /// @param entry  address of the entry
    /// @param extent flags, process slot and length
    public static void setExtentOpaque(long entry, long extent) {
        Words.setOpaque(entry, EXTENT_OFFSET, extent);
    }

    /// {@return twice the bytes taken, and the bit that flips}
    ///
    /// @param entry address of the entry
    public static long totalOpaque(long entry) {
        return Words.getOpaque(entry, TOTAL_OFFSET);
    }

    /// {@return the same, before whatever is loaded next}
    ///
    /// @param entry address of the entry
    public static long totalAcquire(long entry) {
        return Words.getAcquire(entry, TOTAL_OFFSET);
    }

    /// Books a change of the reserve word, right after it.
    ///
    /// @param entry address of the entry
    /// @param total what [#moved] returned
    public static void setTotalOpaque(long entry, long total) {
        Words.setOpaque(entry, TOTAL_OFFSET, total);
    }

    /// {@return records committed}
    ///
    /// @param entry address of the entry
    public static long recordsOpaque(long entry) {
        return Words.getOpaque(entry, RECORDS_OFFSET);
    }

    /// Counts a record, after its bytes.
    ///
    /// @param entry   address of the entry
    /// @param records one more than before
    // pairs with: InFlightTable.recordsAcquire
    public static void setRecordsRelease(long entry, long records) {
        Words.setRelease(entry, RECORDS_OFFSET, records);
    }

    /// {@return records committed, and their bytes}
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.setRecordsRelease
    public static long recordsAcquire(long entry) {
        return Words.getAcquire(entry, RECORDS_OFFSET);
    }

    /// {@return reserve word of the sub-buffer being closed, 0 = none}
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.setClosingRelease, InFlightTable.free
    public static long closingAcquire(long entry) {
        return Words.getAcquire(entry, CLOSING_OFFSET);
    }

    /// Announces what is being closed.
    ///
    /// @param entry address of the entry
    /// @param word  reserve word of the sub-buffer being closed, 0 = none
    // pairs with: InFlightTable.closingAcquire
    public static void setClosingRelease(long entry, long word) {
        Words.setRelease(entry, CLOSING_OFFSET, word);
    }

    /// {@return how far the announced change goes}
    ///
    /// @param entry address of the entry
    public static long deltaOpaque(long entry) {
        return Words.getOpaque(entry, DELTA_OFFSET);
    }

    /// Announces how far a change goes.
    ///
    /// @param entry address of the entry
    /// @param delta bytes by which the reserve word is moved
    public static void setDeltaOpaque(long entry, long delta) {
        Words.setOpaque(entry, DELTA_OFFSET, delta);
    }

    /// {@return the timestamp of the event that is being written}
    ///
    /// @param entry address of the entry
    public static long timeOpaque(long entry) {
        return Words.getOpaque(entry, TIME_OFFSET);
    }

    /// Says when an event is written, before it is announced: should its writer die, the hole gets this timestamp.
    ///
    /// @param entry address of the entry
    /// @param time  of the event
    public static void setTimeOpaque(long entry, long time) {
        Words.setOpaque(entry, TIME_OFFSET, time);
    }

    /// {@return true when it is the caller's now}
    ///
    /// @param entry   address of an entry of those that are claimed
    /// @param process slot of the caller's process
    public static boolean claim(long entry, int process) {
        return Words.compareAndSet(entry, OWNER_OFFSET, 0, process + 1L);
    }

    /// Claims an entry for another process than the one that has claimed it, which is dead.
    ///
    /// @param entry address of an entry
    /// @param from  process slot of the dead one
    /// @param to    process slot
    /// @return true when it was done
    public static boolean passOn(long entry, int from, int to) {
        return Words.compareAndSet(entry, OWNER_OFFSET, from + 1L, to + 1L);
    }

    /// {@return process slot + 1 of who has claimed it, 0 for nobody}
    ///
    /// @param entry address of an entry of those that are claimed
    // pairs with: InFlightTable.release
    public static long ownerAcquire(long entry) {
        return Words.getAcquire(entry, OWNER_OFFSET);
    }

    /// Gives a claimed entry back.
    ///
    /// @param entry address of the entry
    // pairs with: InFlightTable.wordAcquire, InFlightTable.ownerAcquire
    public static void release(long entry) {
        Words.setRelease(entry, WORD_OFFSET, 0);
        Words.setRelease(entry, OWNER_OFFSET, 0);
    }

    /// Frees an entry of a process that has died. Several may try: it is done once.
    ///
    /// @param entry  address of the entry
    /// @param word   what is announced there, or 0 when it is only claimed
    /// @param owner  who has claimed it, or 0
    // pairs with: InFlightTable.wordAcquire, InFlightTable.closingAcquire
    public static void free(long entry, long word, long owner) {
        if (word == 0 || Words.compareAndSet(entry, WORD_OFFSET, word, FREEING)) {
            if (word != 0) {
                Words.setRelease(entry, CLOSING_OFFSET, 0);
                Words.setRelease(entry, WORD_OFFSET, 0);
            }
            Words.compareAndSet(entry, OWNER_OFFSET, owner, 0);
        }
    }
}
