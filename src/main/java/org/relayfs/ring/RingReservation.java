package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// A reservation in a ring, with the address of its bytes and its announcement.
public final class RingReservation implements Reservation {
    private RingBuffer buffer;
    private MemorySegment memory;
    private long word;
    private int length;
    private long inFlight;

    /// An empty one.
    public RingReservation() {}

    static RingReservation of(Reservation reservation) {
        if (reservation instanceof RingReservation ring) {
            return ring;
        }
        Objects.requireNonNull(reservation, "reservation");
        throw new IllegalArgumentException("reservation: class="
                + reservation.getClass().getName() + ", limit=one made by newReservation() of a channel");
    }

    @Override
    public boolean isOpen() {
        return buffer != null;
    }

    @Override
    public int length() {
        return open().length;
    }

    @Override
    public ChannelBuffer buffer() {
        return open().buffer;
    }

    @Override
    public MemorySegment memory() {
        return open().memory;
    }

    @Override
    public void putByte(long offset, byte value) {
        open().memory.set(ValueLayout.JAVA_BYTE, offset, value);
    }

    @Override
    public void putInt(long offset, int value) {
        open().memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
    }

    @Override
    public void putLong(long offset, long value) {
        open().memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
    }

    @Override
    public void putBytes(long offset, byte[] source, int from, int count) {
        MemorySegment.copy(source, from, open().memory, ValueLayout.JAVA_BYTE, offset, count);
    }

    @Override
    public void commit() {
        Ring ring = open().buffer.ring;
        if (length > 0 && !ring.isThrownAway(word)) {
            InFlightTable.setRecordsRelease(inFlight, InFlightTable.recordsOpaque(inFlight) + 1);
        }
        finish();
    }

    @Override
    public void abort() {
        open();
        if (length > 0) {
            giveBack(buffer, word, length, inFlight);
        }
        finish();
    }

    static void giveBack(RingBuffer buffer, long word, int length, long inFlight) {
        Ring ring = buffer.ring;
        if (buffer.switcher.move.giveBack(inFlight, word, length)) {
            return;
        }
        Geometry geometry = ring.geometry;
        int index = geometry.index(word);
        buffer.holes.clear(index, geometry.offset(word), length);
        // After a reset nobody reads it; when it took too long the reader has marked and counted it.
        if (!ring.isThrownAway(word) && !ring.isGivenUp(geometry.position(word))) {
            buffer.holes.mark(geometry.lap(word), index, geometry.offset(word), length);
            buffer.holes.count(1, length);
        }
    }

    private void finish() {
        if (length > 0) {
            buffer.delivery.leave(inFlight);
        }
        buffer = null;
        memory = null;
    }

    private RingReservation open() {
        if (buffer == null) {
            throw new IllegalStateException("reservation: nothing is reserved: it was committed, aborted or refused");
        }
        return this;
    }

    /// Reserves in a buffer.
    ///
    /// @return the length, or one of [WriteResult]
    int in(RingBuffer target, int count) {
        if (buffer != null) {
            throw new IllegalStateException("reservation: still open: commit or abort it first, length=" + length);
        }
        if (count < 0) {
            throw new IllegalArgumentException("reserve: length=" + count + ", limit=0 or more");
        }
        Ring ring = target.ring;
        boolean resumes = count == 0 && !ring.geometry.isOpen(ring.reserve());
        long entry = target.claiming();
        if (entry == InFlight.NONE) {
            return (int) target.switcher.refusals.count(WriteResult.STRAGGLER, count);
        }
        long place = WriteResult.CLOSED;
        try {
            place = target.switcher.reserve(count, entry);
        } finally {
            // Of no bytes at all nobody waits for the end.
            if (place < 0 || count == 0) {
                target.delivery.leave(entry);
            }
        }
        if (place < 0 || resumes) {
            // relay_reserve(0) gives NULL on the call that resumes a suspended buffer.
            return place < 0 ? (int) place : WriteResult.FULL;
        }
        buffer = target;
        word = place;
        length = count;
        inFlight = entry;
        memory = target.writable(ring.geometry.index(place), ring.geometry.offset(place), count);
        return count;
    }
}
