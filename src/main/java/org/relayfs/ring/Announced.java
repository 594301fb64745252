package org.relayfs.ring;

import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// The questions that are asked of a buffer's in-flight table on the way of records: who is in a sub-buffer. What is in
/// the table is only compared, never used as an address or a length: it comes from shared memory. Any thread.
///
/// Why "nobody" can be believed of a sub-buffer that was closed: a writer announces itself before the CAS that takes
/// its space, and that CAS is before the closer's in the order of the reserve word's changes. Who has seen the word
/// behind the close sees the announcement, or a later store to the same word of the entry: all of those are releases
/// that follow the record's bytes. A writer whose CAS is going to fail may announce itself there at any time: so the
/// answer "nobody" is kept, and not asked for again.
final class Announced {
    private final Geometry geometry;
    private final long region;
    private final long header;

    /// @param region address of the buffer's region
    /// @param header address of the channel header
    Announced(Geometry geometry, long region, long header) {
        this.geometry = geometry;
        this.region = region;
        this.header = header;
    }

    /// {@return how many of the entries that are claimed have to be looked at}
    int claimedUsed() {
        long used = ChannelHeader.usedVolatile(header, ChannelHeader.CLAIMED_USED_OFFSET);
        return Math.clamp(used, 0, InFlightTable.CLAIMED_ENTRIES);
    }

    /// {@return up to which index the other entries have to be looked at}
    int endOfThreads() {
        long used = ChannelHeader.usedVolatile(header, ChannelHeader.THREADS_USED_OFFSET);
        return InFlightTable.CLAIMED_ENTRIES
                + Math.clamp(used, 0, InFlightTable.ENTRIES - InFlightTable.CLAIMED_ENTRIES);
    }

    /// {@return true when nobody reserves, closes or skips there}
    ///
    /// @param position of a sub-buffer that was closed
    boolean nobodyAt(long position) {
        long place = geometry.place(geometry.startOf(position));
        int claimed = claimedUsed();
        return nobodyAt(place, 0, claimed) && nobodyAt(place, InFlightTable.CLAIMED_ENTRIES, endOfThreads());
    }

    private boolean nobodyAt(long place, int from, int to) {
        for (int i = from; i < to; i++) {
            long entry = InFlightTable.entry(region, i);
            long word = InFlightTable.wordAcquire(entry);
            if (word != 0
                    && (geometry.place(word) == place
                            || geometry.place(InFlightTable.closingAcquire(entry) & ~InFlightTable.COUNTED) == place)) {
                return false;
            }
        }
        return true;
    }

    /// {@return true when nobody is in an earlier lap of a sub-buffer, whichever}
    ///
    /// @param index of the sub-buffer
    /// @param lap   in which it is going to be opened
    boolean nobodyBefore(int index, long lap) {
        LongPredicate earlier = word ->
                word != 0 && word < InFlightTable.NO_CLAIM && geometry.index(word) == index && geometry.lap(word) < lap;
        return none(earlier, 0, claimedUsed()) && none(earlier, InFlightTable.CLAIMED_ENTRIES, endOfThreads());
    }

    private boolean none(LongPredicate isThere, int from, int to) {
        for (int i = from; i < to; i++) {
            long entry = InFlightTable.entry(region, i);
            long word = InFlightTable.wordAcquire(entry);
            if (isThere.test(word)
                    || word != 0 && isThere.test(InFlightTable.closingAcquire(entry) & ~InFlightTable.COUNTED)) {
                return false;
            }
        }
        return true;
    }

    /// {@return how many bytes from the start of an open sub-buffer are there: up to the first that somebody announces}
    ///
    /// @param word the reserve word, read before
    long settled(long word) {
        long place = geometry.place(word);
        long limit = settled(place, 0, claimedUsed(), geometry.offset(word));
        return settled(place, InFlightTable.CLAIMED_ENTRIES, endOfThreads(), limit);
    }

    private long settled(long place, int from, int to, long limit) {
        for (int i = from; i < to; i++) {
            long announced = InFlightTable.wordAcquire(InFlightTable.entry(region, i));
            if (announced != 0 && geometry.place(announced) == place) {
                limit = Math.min(limit, geometry.offset(announced));
            }
        }
        return limit;
    }

    /// {@return true when nobody announces anything who may still go on}
    ///
    /// @param isAlive whether the process in a slot lives
    boolean nobody(IntPredicate isAlive) {
        return nobody(isAlive, 0, claimedUsed()) && nobody(isAlive, InFlightTable.CLAIMED_ENTRIES, endOfThreads());
    }

    private boolean nobody(IntPredicate isAlive, int from, int to) {
        for (int i = from; i < to; i++) {
            long entry = InFlightTable.entry(region, i);
            if (InFlightTable.wordAcquire(entry) != 0
                    && isAlive.test(Extent.process(InFlightTable.extentAcquire(entry)))) {
                return false;
            }
        }
        return true;
    }

    /// {@return records committed by all writers there have been}
    long records() {
        return records(0, claimedUsed()) + records(InFlightTable.CLAIMED_ENTRIES, endOfThreads());
    }

    private long records(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += InFlightTable.recordsAcquire(InFlightTable.entry(region, i));
        }
        return sum;
    }
}
