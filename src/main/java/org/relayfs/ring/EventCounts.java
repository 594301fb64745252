package org.relayfs.ring;

import java.io.IOException;
import java.util.Arrays;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.TypesFile;
import org.relayfs.linux.ThreadIds;

/// The counting of events by their types, in a channel's file `types`, for one process in one generation of the
/// channel. The row of an in-flight entry is used by who uses the entry: by one writer at a time, so that counting is a
/// plain store. A row is shared if its entry can be claimed in each buffer by another, and if the process may have
/// another place in the next generation; then it takes a locked instruction.
///
/// Any thread.
public final class EventCounts {
    private static final int PAGE = 4096;

    private final EventTypes types;
    private final long rows;
    private final int first;
    private final boolean alone;
    // How many ids have memory in each row. Threads may look too often.
    private final int[] ready = new int[InFlightTable.ENTRIES];
    // By CurrentCpu.threadNumber: the thread whose name is known and whose row has memory for so many ids.
    private final int[] known;
    private int ids = PAGE / Long.BYTES;

    EventCounts(EventTypes types, int processSlot, int generation) {
        this.types = types;
        this.rows = types.address() + TypesFile.COUNTS_OFFSET;
        this.first = InFlightTable.firstOf(processSlot);
        this.alone = processSlot == 0 || generation == 0;
        this.known = new int[InFlightTable.countOf(processSlot)];
    }

    /// {@return true when a thread may count by [#countOwn]}
    ///
    /// @param thread less than its process has entries
    /// @param number of the thread, as events have it
    /// @param type   id
    boolean isKnown(long thread, int number, int type) {
        return known[(int) thread] == number && type < ids;
    }

    /// Counts an event of a thread that has an entry of its own and is known.
    ///
    /// @param thread its number
    /// @param type   id
    void countOwn(long thread, int type) {
        if (alone) {
            TypesFile.countAlone(rows + (first + thread) * TypesFile.ROW_SIZE, type);
        } else {
            count(first + (int) thread, type);
        }
    }

    /// Counts an event of whoever has an entry.
    ///
    /// @param entry index of the entry
    /// @param type  id
    void count(int entry, int type) {
        boolean own = alone && entry >= InFlightTable.CLAIMED_ENTRIES;
        int row = own ? entry : entry % InFlightTable.CLAIMED_ENTRIES;
        // Without memory nothing is counted: a store would meet a full tmpfs.
        if (type < ready[row] || prepare(row, type)) {
            if (own) {
                TypesFile.countAlone(rows + (long) row * TypesFile.ROW_SIZE, type);
            } else {
                TypesFile.countTogether(rows + (long) row * TypesFile.ROW_SIZE, type);
            }
        }
    }

    private synchronized boolean prepare(int row, int type) {
        try {
            int wanted = Math.max(ids, type + PAGE / Long.BYTES & -(PAGE / Long.BYTES));
            types.reserve(TypesFile.COUNTS_OFFSET + (long) row * TypesFile.ROW_SIZE, (long) wanted * Long.BYTES);
            ready[row] = wanted;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Makes a thread known that has an entry of its own.
    ///
    /// @param thread its number, any; nothing happens if it has no entry
    /// @param type   id of what it is about to log
    void meetOnce(long thread, int type) {
        if (thread < known.length && !isKnown(thread, ThreadIds.of(thread), type)) {
            meet(thread, type);
        }
    }

    private synchronized void meet(long thread, int type) {
        if (type >= ids) {
            // All others have to look for more memory, too.
            ids = type + PAGE / Long.BYTES & -(PAGE / Long.BYTES);
            Arrays.fill(known, 0);
        }
        int row = first + (int) thread;
        if (!alone || ready[row] >= ids || prepare(row, type)) {
            int number = ThreadIds.of(thread);
            types.name(number, Thread.currentThread().getName());
            known[(int) thread] = number;
        }
    }
}
