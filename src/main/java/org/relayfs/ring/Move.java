package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// A change of the reserve word on the slow path: announced, made by one CAS, and booked. What the fast path does in
/// line for the one change that it makes. Any thread.
final class Move {
    private final Ring ring;
    private final Geometry geometry;
    private final Delivery delivery;
    private final boolean events;

    Move(Ring ring, Delivery delivery) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.delivery = delivery;
        this.events = ring.geometry.hasEvents();
    }

    /// Tries it once.
    ///
    /// @param entry   of this writer
    /// @param claim   where its reservation begins, or [InFlightTable#NO_CLAIM]
    /// @param length  of the reservation, and flags for its extent
    /// @param closing what it closes or skips, or 0
    /// @param from    the reserve word that must be there
    /// @param to      the reserve word that it becomes
    /// @return false when the word was another; then nothing is announced any more
    boolean tryOnce(long entry, long claim, long length, long closing, long from, long to) {
        long total = InFlightTable.totalOpaque(entry);
        long delta = geometry.distance(to) - geometry.distance(from);
        // The extent first: from here on it is in doubt whether the entry's change was made, until it is booked.
        long extent = ring.inFlight.bits(entry) | Extent.MOVES | length;
        InFlightTable.setExtentOpaque(entry, extent);
        InFlightTable.setDeltaOpaque(entry, delta);
        InFlightTable.setClosingRelease(entry, closing);
        if (events) {
            // After the look at the word and before its change: so timestamps never fall within a buffer.
            InFlightTable.setTimeOpaque(entry, System.nanoTime());
        }
        InFlightTable.announce(entry, claim, extent);
        if (BufferHeader.reserveCompareAndSet(ring.region, from, to)) {
            InFlightTable.setTotalOpaque(entry, InFlightTable.moved(total, delta));
            return true;
        }
        InFlightTable.setClosingRelease(entry, 0);
        InFlightTable.setWordRelease(entry, InFlightTable.NO_CLAIM);
        delivery.attend(Math.min(claim, closing == 0 ? claim : closing));
        return false;
    }

    /// Gives a reservation back, if nothing was reserved behind it.
    ///
    /// @param entry  of its writer
    /// @param word   where it begins
    /// @param length of it
    /// @return false when it stays reserved
    boolean giveBack(long entry, long word, long length) {
        long total = InFlightTable.totalOpaque(entry);
        long process = ring.processBits | length;
        long records = Extent.bits(0, InFlightTable.recordsOpaque(entry));
        InFlightTable.setDeltaOpaque(entry, -length);
        // From here on the space may be somebody else's.
        InFlightTable.setExtentOpaque(entry, process | records | Extent.bits(total, 0) | Extent.MOVES | Extent.RETURNS);
        // The word may come back to an earlier value; all that a CAS on it relies on is monotonic (CONSUMED, complete
        // earlier laps), so the ABA does no harm.
        if (BufferHeader.reserveCompareAndSet(ring.region, word + length, word)) {
            InFlightTable.setTotalOpaque(entry, InFlightTable.moved(total, -length));
            // Before the announcement goes: see Ring.openBytes.
            ring.count(BufferHeader.RETURNED_OFFSET, 1);
            return true;
        }
        InFlightTable.setExtentOpaque(entry, process | records | Extent.bits(total ^ 1, 0));
        return false;
    }
}
