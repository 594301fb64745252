package org.relayfs.ring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// A snapshot of a buffer's in-flight table, and of which processes in it are alive. Its words come from shared
/// memory and are untrusted. Immutable.
final class InFlightScan {
    /// A busy entry.
    ///
    /// @param announced what its WORD holds
    /// @param word    reserve word of its reservation, 0 = none
    /// @param extent  flags, process slot and length
    /// @param length  bytes of the reservation
    /// @param total   bytes taken
    /// @param records records committed
    /// @param closing reserve word of what it closes or skips, without the mark; 0 = none
    /// @param counted true when the closer has counted the payload
    /// @param delta   bytes by which the announced change moves the reserve word
    /// @param time    timestamp of the event that it writes
    record Writer(
            long entry,
            long announced,
            long word,
            long extent,
            long length,
            long total,
            long records,
            long closing,
            boolean counted,
            long delta,
            long time,
            boolean alive) {
        /// True when the announced change is booked.
        boolean isBooked() {
            return Extent.isBooked(extent, total);
        }

        /// True when it cannot be told from its own words whether the announced change was made.
        boolean isInDoubt() {
            return delta != 0 && !isBooked();
        }

        /// True when the announced change takes the reservation back.
        boolean returns() {
            return (extent & Extent.RETURNS) != 0;
        }

        /// True when the record is whole, and only the announcement is left.
        boolean isCommitted() {
            return Extent.isCounted(extent, records);
        }

        int process() {
            return Extent.process(extent);
        }
    }

    private final Geometry geometry;
    private final List<Writer> writers;

    private InFlightScan(Geometry geometry, List<Writer> writers) {
        this.geometry = geometry;
        this.writers = List.copyOf(writers);
    }

    /// @param isAlive tells it of a process slot
    static InFlightScan of(RingView ring, IntPredicate isAlive) {
        List<Writer> writers = new ArrayList<>();
        Map<Integer, Boolean> alive = new HashMap<>();
        IntPredicate isRemembered = process -> alive.computeIfAbsent(process, isAlive::test);
        addBusy(ring, 0, ring.announced.claimedUsed(), isRemembered, writers);
        addBusy(ring, InFlightTable.CLAIMED_ENTRIES, ring.announced.endOfThreads(), isRemembered, writers);
        return new InFlightScan(ring.geometry, writers);
    }

    private static void addBusy(RingView ring, int from, int to, IntPredicate isAlive, List<Writer> writers) {
        for (int i = from; i < to; i++) {
            long entry = InFlightTable.entry(ring.region, i);
            long word = InFlightTable.wordAcquire(entry);
            if (word != 0) {
                writers.add(writer(ring.geometry, entry, word, isAlive));
            }
        }
    }

    private static Writer writer(Geometry geometry, long entry, long word, IntPredicate isAlive) {
        long extent = InFlightTable.extentAcquire(entry);
        long closing = InFlightTable.closingAcquire(entry);
        long closed = closing & ~InFlightTable.COUNTED;
        long length = Extent.length(extent);
        boolean fromStart = (extent & Extent.FROM_START) != 0;
        return new Writer(
                entry,
                word,
                geometry.isReserveWord(word) ? word : 0,
                extent,
                fromStart ? Math.max(0, length - geometry.offset(word)) : length,
                InFlightTable.totalAcquire(entry),
                InFlightTable.recordsAcquire(entry),
                geometry.isReserveWord(closed) ? closed : 0,
                (closing & InFlightTable.COUNTED) != 0,
                Extent.change(extent, InFlightTable.deltaOpaque(entry)),
                InFlightTable.timeOpaque(entry),
                isAlive.test(Extent.process(extent)));
    }

    List<Writer> writers() {
        return writers;
    }

    /// Those who reserve or close there.
    List<Writer> at(long position) {
        return writers.stream()
                .filter(writer -> isAt(writer.word, position) || isAt(writer.closing, position))
                .toList();
    }

    /// {@return the timestamp of the event that a sub-buffer begins with, if its writer died before it was done with
    /// that; 0 if none did}
    static long begun(Geometry geometry, List<Writer> writers, long position) {
        return writers.stream()
                .filter(writer -> !writer.alive
                        && writer.word != 0
                        && geometry.position(writer.word) == position
                        && geometry.offset(writer.word) == 0)
                .mapToLong(Writer::time)
                .findFirst()
                .orElse(0);
    }

    /// True when a word is one of that sub-buffer.
    boolean isAt(long word, long position) {
        return word != 0 && geometry.position(word) == position;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InFlightScan scan && scan.writers.equals(writers);
    }

    @Override
    public int hashCode() {
        return writers.hashCode();
    }
}
