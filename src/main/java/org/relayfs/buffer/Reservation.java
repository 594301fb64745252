package org.relayfs.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// Space for one record, to be filled in place and then committed or aborted: relay's `relay_reserve`, with the
/// commit that relay has not. Reusable: after a commit or an abort it can take the next reservation.
///
/// Threading: one thread at a time; it may be handed to another one with a happens-before edge (the hand-over is the
/// caller's). Every access is checked against the reserved range; the checks cannot be switched off.
///
/// A reservation that stays open for longer than the channel's `abandonAfter` holds back the delivery of its
/// sub-buffer and is then given up: readers pass over it. Committing it later is harmless.
public final class Reservation {
    private ChannelBuffer buffer;
    private MemorySegment memory;
    private long word;
    private int length;
    private long inFlight;

    /// An empty one, for [ChannelBuffer#reserve] or `RelayChannel.reserve`.
    public Reservation() {}

    /// {@return true between a successful reserve and the commit or abort}
    public boolean isOpen() {
        return buffer != null;
    }

    /// {@return bytes reserved}
    public int length() {
        return open().length;
    }

    /// {@return the buffer it is in}
    public ChannelBuffer buffer() {
        return open().buffer;
    }

    /// The reserved bytes, which hold whatever was there before. Do not use it after the commit: the next record may
    /// be there.
    ///
    /// @return exactly the reserved bytes
    public MemorySegment memory() {
        return open().memory;
    }

    /// Stores one byte.
    ///
    /// @param offset in the reservation
    /// @param value  the byte
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    public void putByte(long offset, byte value) {
        open().memory.set(ValueLayout.JAVA_BYTE, offset, value);
    }

    /// Stores four bytes.
    ///
    /// @param offset in the reservation, aligned or not
    /// @param value  stored in native order
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    public void putInt(long offset, int value) {
        open().memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
    }

    /// Stores eight bytes.
    ///
    /// @param offset in the reservation, aligned or not
    /// @param value  stored in native order
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    public void putLong(long offset, long value) {
        open().memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
    }

    /// Stores bytes of an array.
    ///
    /// @param offset in the reservation
    /// @param source from
    /// @param from   its first byte
    /// @param count  bytes
    /// @throws IndexOutOfBoundsException outside the reservation or the array
    /// @throws IllegalStateException not open
    public void putBytes(long offset, byte[] source, int from, int count) {
        MemorySegment.copy(source, from, open().memory, ValueLayout.JAVA_BYTE, offset, count);
    }

    /// Publishes the record.
    ///
    /// @throws IllegalStateException not open
    public void commit() {
        Ring ring = open().buffer.ring;
        if (length > 0) {
            InFlightTable.committingOpaque(inFlight);
            buffer.delivery.commit(ring.geometry.index(word), length, ring.isThrownAway(word) ? 0 : 1);
        }
        finish();
    }

    /// Gives the space back. If nothing was reserved after it, it is as if it had never been; otherwise it becomes a
    /// hole of zero bytes that readers pass over, counted as abandoned. (A sub-buffer can mark 8 holes; more are
    /// delivered as zero bytes.)
    ///
    /// @throws IllegalStateException not open
    public void abort() {
        open();
        if (length > 0) {
            giveBack(buffer, word, length, inFlight);
        }
        finish();
    }

    static void giveBack(ChannelBuffer buffer, long word, int length, long inFlight) {
        Ring ring = buffer.ring;
        // From here on the space may be somebody else's.
        InFlightTable.statesOpaque(inFlight, 0);
        // The word may come back to an earlier value; all that a CAS on it relies on is monotonic (CONSUMED, balanced
        // earlier laps), so the ABA does no harm.
        if (BufferHeader.reserveCompareAndSet(ring.buffer, word + length, word)) {
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
        InFlightTable.statesOpaque(inFlight, InFlightTable.RESERVED | InFlightTable.COMMITTING);
        buffer.delivery.commit(index, length, 0);
    }

    private void finish() {
        InFlight.leave(buffer.ring, inFlight);
        buffer = null;
        memory = null;
    }

    private Reservation open() {
        if (buffer == null) {
            throw new IllegalStateException("reservation: nothing is reserved: it was committed, aborted or refused");
        }
        return this;
    }

    /// Reserves in a buffer.
    ///
    /// @return the length, or one of [WriteResult]
    int in(ChannelBuffer target, int count) {
        if (buffer != null) {
            throw new IllegalStateException("reservation: still open: commit or abort it first, length=" + length);
        }
        if (count < 0) {
            throw new IllegalArgumentException("reserve: length=" + count + ", limit=0 or more");
        }
        Ring ring = target.ring;
        boolean resumes = count == 0 && !ring.geometry.isOpen(ring.reserve());
        long entry = InFlight.claim(ring);
        long place = WriteResult.CLOSED;
        try {
            place = target.switcher.reserve(count, entry);
        } finally {
            if (place < 0 || resumes) {
                InFlight.leave(ring, entry);
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
