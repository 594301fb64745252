package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.InFlightTable;
import org.relayfs.linux.CurrentCpu;

/// This process's use of a buffer's in-flight table: which entry a writer announces itself in, and for how long. No
/// entry ever has two writers at a time. Any thread; lock-free.
final class InFlight {
    /// Returned by [#enter] and [#claim]: all entries are in use.
    static final long NONE = 0;

    private final long region;
    private final long header;
    private final int process;
    /// Entries of this process's threads: the first, and how many.
    private final int first;
    private final int count;

    /// @param region  address of the buffer's region
    /// @param header  address of the channel header
    /// @param process slot of this process
    InFlight(long region, long header, int process) {
        this.region = region;
        this.header = header;
        this.process = process;
        this.first = InFlightTable.firstOf(process);
        this.count = process < 0 ? 0 : InFlightTable.countOf(process);
    }

    /// An entry for a short time, to be given back by the same thread: its own if that is free, else a claimed one.
    long enter() {
        long own = own();
        if (own != NONE && InFlightTable.wordOpaque(own) == 0) {
            InFlightTable.announce(own, InFlightTable.NO_CLAIM, bits(own));
            return own;
        }
        return claim();
    }

    /// {@return the entry of the calling thread, busy or not; [#NONE] when it has none}
    long own() {
        long number = CurrentCpu.threadNumber(CurrentCpu.here());
        if (number >= count) {
            return NONE;
        }
        use(ChannelHeader.THREADS_USED_OFFSET, first + number + 1 - InFlightTable.CLAIMED_ENTRIES);
        return InFlightTable.entry(region, first + (int) number);
    }

    /// An entry for any length of time and any thread.
    long claim() {
        for (int i = 0; i < InFlightTable.CLAIMED_ENTRIES; i++) {
            long entry = InFlightTable.entry(region, i);
            if (InFlightTable.ownerAcquire(entry) == 0) {
                use(ChannelHeader.CLAIMED_USED_OFFSET, i + 1);
                if (InFlightTable.claim(entry, process)) {
                    return entry;
                }
            }
        }
        return NONE;
    }

    /// Gives an entry back, in which nothing is announced any more that somebody could wait for.
    void leave(long entry) {
        if (InFlightTable.isClaimed(region, entry)) {
            InFlightTable.release(entry);
        } else {
            InFlightTable.setWordRelease(entry, 0);
        }
    }

    /// {@return the extent of an entry that announces nothing}
    long bits(long entry) {
        return (long) process << 32 | Extent.bits(InFlightTable.totalOpaque(entry), InFlightTable.recordsOpaque(entry));
    }

    /// Lets those who look for announcements look so far.
    private void use(int offset, long wanted) {
        long used = ChannelHeader.usedVolatile(header, offset);
        while (used < wanted && !ChannelHeader.usedCompareAndSet(header, offset, used, wanted)) {
            used = ChannelHeader.usedVolatile(header, offset);
        }
    }

    /// {@return how many bytes of entries this process's threads may use without asking, from the first on}
    long admitted() {
        long used = ChannelHeader.usedVolatile(header, ChannelHeader.THREADS_USED_OFFSET)
                + InFlightTable.CLAIMED_ENTRIES
                - first;
        return Math.clamp(used, 0, count);
    }

    /// {@return where this process's entries begin in a buffer's region}
    static long firstOffset(int process) {
        return BufferHeader.IN_FLIGHT_OFFSET + (long) InFlightTable.firstOf(process) * InFlightTable.STRIDE;
    }
}
