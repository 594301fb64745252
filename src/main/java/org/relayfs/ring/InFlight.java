package org.relayfs.ring;

import java.lang.foreign.Arena;
import org.relayfs.layout.InFlightTable;

/// The allocation of entries in the in-flight table: one for each writer, which no other writer uses at that time.
///
/// A thread checks whether its own entry is free and then announces, without claiming it. If two threads with the
/// same hash do so within the same few instructions, one of them is hidden, and its bytes cannot be found if it
/// dies before its commit.
final class InFlight {
    // For those who find no entry: what they announce nobody sees.
    private static final long NOWHERE =
            Arena.global().allocate(InFlightTable.STRIDE, Long.BYTES).address();

    // Spreads the threads of several processes over the table.
    private static final long THREAD_SEED = ProcessHandle.current().pid() * 31;

    private InFlight() {}

    /// The entry of the current thread, which may be busy: with a writer of the same hash that was preempted or has
    /// died, or with what this thread is about further up its stack.
    static long ofThread(long region) {
        return InFlightTable.threadEntry(region, Thread.currentThread().threadId() + THREAD_SEED);
    }

    /// An entry for a short time, to be released by [#leave].
    static long enter(Ring ring) {
        long own = ofThread(ring.region);
        return InFlightTable.wordOpaque(own) == 0 ? own : claim(ring);
    }

    /// An entry for any length of time, to be released by [#leave].
    static long claim(Ring ring) {
        int process = InFlightTable.process(ring.processBits);
        for (int i = 0; i < InFlightTable.CLAIMED_ENTRIES; i++) {
            long entry = InFlightTable.entry(ring.region, InFlightTable.THREAD_ENTRIES + i);
            if (InFlightTable.ownerVolatile(entry) == 0 && InFlightTable.claim(entry, process)) {
                return entry;
            }
        }
        return NOWHERE;
    }

    static void leave(long region, long entry) {
        if (InFlightTable.isClaimed(region, entry)) {
            InFlightTable.release(entry);
        } else {
            InFlightTable.clearRelease(entry);
        }
    }
}
