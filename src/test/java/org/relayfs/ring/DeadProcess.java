package org.relayfs.ring;

import java.io.IOException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// Writers of another process that die at some step of a write, a switch or a skip. The process is played: the stores
/// are made step by step and then just not continued.
final class DeadProcess {
    final RingBuffer buffer;
    private final Geometry geometry;

    DeadProcess(TestBuffers memory, Geometry geometry, boolean overwrite) throws IOException {
        ProcessTable gone = memory.attach();
        memory.kill(gone);
        this.geometry = geometry;
        this.buffer = memory.view(geometry, overwrite, null, gone);
    }

    /// {@return an entry of a thread of its own}
    long entry() {
        return buffer.ring.inFlight.claim();
    }

    /// One that had taken its space.
    long reserveAndDie(int length) {
        return buffer.switcher.reserve(length, entry());
    }

    /// One that had announced itself.
    long dieBeforeReserving(int length) {
        long entry = entry();
        InFlightTable.setTimeOpaque(entry, System.nanoTime());
        InFlightTable.announce(entry, buffer.ring.reserve(), buffer.ring.inFlight.bits(entry) | length);
        return entry;
    }

    /// One that had made its CAS, and nothing else.
    void dieBeforeBooking(int length) {
        long word = buffer.ring.reserve();
        dieBeforeReserving(length);
        swap(word, word + length);
    }

    /// One that had counted its record, and still announces it.
    void dieBeforeClearing(int length) {
        long entry = entry();
        buffer.switcher.reserve(length, entry);
        InFlightTable.setRecordsRelease(entry, InFlightTable.recordsOpaque(entry) + 1);
    }

    /// Announces a change of the reserve word, as the slow path does.
    ///
    /// @param closing what it closes or skips, or 0
    long announce(long claim, long length, long closing, long from, long to) {
        long entry = entry();
        InFlightTable.setTimeOpaque(entry, System.nanoTime());
        InFlightTable.setDeltaOpaque(entry, geometry.distance(to) - geometry.distance(from));
        InFlightTable.setClosingRelease(entry, closing);
        InFlightTable.announce(entry, claim, buffer.ring.inFlight.bits(entry) | Extent.MOVES | length);
        return entry;
    }

    /// Announces that it closes what is open.
    long announceClose() {
        long word = buffer.ring.reserve();
        return announce(InFlightTable.NO_CLAIM, 0, word, word, closed(word));
    }

    /// Makes the change.
    void swap(long from, long to) {
        if (!BufferHeader.reserveCompareAndSet(buffer.ring.region, from, to)) {
            throw new AssertionError("the reserve word is another");
        }
    }

    /// Books the change.
    void book(long entry) {
        InFlightTable.setTotalOpaque(
                entry, InFlightTable.moved(InFlightTable.totalOpaque(entry), InFlightTable.deltaOpaque(entry)));
    }

    long closed(long word) {
        return word - geometry.offset(word) + geometry.closedOffset();
    }
}
