package org.relayfs.ring;

import java.util.List;
import java.util.function.IntPredicate;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.ring.InFlightScan.Writer;

/// The clean-up after writers that have died: it books for them what they could not, and frees their entries once
/// nobody needs them any more. Under the reader's lock, in the owning process.
final class DeadWriters {
    private final Ring ring;
    private final Geometry geometry;
    private final IntPredicate isAlive;

    /// @param isAlive tells it of a process slot
    DeadWriters(Ring ring, IntPredicate isAlive) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.isAlive = isAlive;
    }

    /// Frees all entries of the dead that nobody needs: those that hold nothing, and those of sub-buffers that readers
    /// have passed.
    void sweep() {
        InFlightScan scan = InFlightScan.of(ring, isAlive);
        if (scan.writers().stream().anyMatch(writer -> !writer.alive())) {
            dismiss(scan, Verdict.of(ring, scan));
        }
        freeClaims();
    }

    /// Frees those of a snapshot.
    void dismiss(InFlightScan scan, Verdict verdict) {
        for (Writer writer : scan.writers()) {
            boolean needed = verdict.isLost(writer) && !isPast(writer.word())
                    || writer.closing() != 0 && verdict.mayHaveClosed(ring, writer) && !isPast(writer.closing());
            if (!writer.alive() && !needed && (verdict.isKnown() || !writer.isInDoubt())) {
                free(writer, verdict);
            }
        }
    }

    private boolean isPast(long word) {
        return word == 0 || geometry.position(word) < ring.delivered();
    }

    /// Books what the writer could not, and frees its entry.
    void free(Writer writer, Verdict verdict) {
        boolean made = verdict.hasMade(writer);
        if (made && !writer.isBooked()) {
            InFlightTable.setTotalOpaque(writer.entry(), InFlightTable.moved(writer.total(), writer.delta()));
        }
        if (owesItsCount(writer, verdict)) {
            ring.count(BufferHeader.CLOSED_BYTES_OFFSET, geometry.offset(writer.closing()));
        }
        InFlightTable.free(writer.entry(), writer.announced(), writer.process() + 1L);
    }

    private boolean owesItsCount(Writer writer, Verdict verdict) {
        long closing = writer.closing();
        if (closing == 0 || writer.counted() || !geometry.isOpen(closing)) {
            return false;
        }
        long said = ring.infoOf(closing);
        long lap = geometry.lap(closing);
        return verdict.hasMade(writer) ? said != lap : said < lap && verdict.mayHaveClosed(ring, writer);
    }

    /// Frees writers of whom nobody can tell which has made its change: what is missing from the sum is booked for
    /// one of them.
    void freeUntold(List<Writer> writers, Verdict verdict) {
        long unbooked = verdict.unbooked().orElse(0);
        for (Writer writer : writers) {
            InFlightTable.setTotalOpaque(writer.entry(), InFlightTable.moved(writer.total(), unbooked));
            unbooked = 0;
            InFlightTable.free(writer.entry(), writer.announced(), writer.process() + 1L);
        }
    }

    private void freeClaims() {
        for (int i = 0; i < ring.announced.claimedUsed(); i++) {
            long entry = InFlightTable.entry(ring.region, i);
            long owner = InFlightTable.ownerAcquire(entry);
            if (owner != 0 && InFlightTable.wordAcquire(entry) == 0 && !isAlive.test((int) owner - 1)) {
                InFlightTable.free(entry, 0, owner);
            }
        }
    }

    /// {@return true when a process has announced something in a buffer, or claimed an entry}
    ///
    /// @param header  address of the channel header
    /// @param region  address of the buffer's region
    /// @param process slot of it
    static boolean isInFlight(Geometry geometry, long header, long region, int process) {
        Announced announced = new Announced(geometry, region, header);
        for (int i = 0; i < announced.endOfThreads(); i++) {
            long entry = InFlightTable.entry(region, i);
            boolean claimed = i < InFlightTable.CLAIMED_ENTRIES
                    && i < announced.claimedUsed()
                    && InFlightTable.ownerAcquire(entry) == process + 1L;
            boolean busy = InFlightTable.wordAcquire(entry) != 0
                    && Extent.process(InFlightTable.extentAcquire(entry)) == process;
            if (claimed || busy) {
                return true;
            }
        }
        return false;
    }
}
