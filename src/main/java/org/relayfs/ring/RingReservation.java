package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// A reservation in a ring, with the address of its bytes and its announcement.
public final class RingReservation implements Reservation {
    private RingBuffer buffer;
    private MemorySegment memory;
    private long word;
    /// Of the record, with an event's header.
    private int length;
    private int header;
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
        return open().length - header;
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
            if (header > 0) {
                buffer.events.countOne(inFlight, buffer, EventLayout.BYTES);
            }
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
        Geometry geometry = ring.geometry;
        boolean events = geometry.hasEvents();
        if (!events && buffer.switcher.move.giveBack(inFlight, word, length)) {
            return;
        }
        int index = geometry.index(word);
        if (events) {
            LostEvents.put(ring, index, geometry.offset(word), length, InFlightTable.timeOpaque(inFlight));
        } else {
            buffer.holes.clear(index, geometry.offset(word), length);
        }
        // After a reset nobody reads it; when it took too long the reader has marked and counted it.
        boolean counts = !ring.isThrownAway(word) && !ring.isGivenUp(geometry.position(word));
        if (counts && !events) {
            buffer.holes.mark(geometry.lap(word), index, geometry.offset(word), length);
        }
        if (counts) {
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
            throw new IllegalStateException("reservation: still open: commit or abort it first, length=" + length());
        }
        if (count < 0) {
            throw new IllegalArgumentException("reserve: length=" + count + ", limit=0 or more");
        }
        Ring ring = target.ring;
        boolean events = ring.geometry.hasEvents();
        int prefix = events ? EventLayout.HEADER_SIZE : 0;
        long size = (long) prefix + count;
        boolean resumes = size == 0 && !ring.geometry.isOpen(ring.reserve());
        long entry = target.claiming();
        if (entry == InFlight.NONE) {
            return target.switcher.refusals.noEntry(size);
        }
        long place = WriteResult.CLOSED;
        try {
            place = target.switcher.reserve(size, entry);
        } finally {
            // Of no bytes at all nobody waits for the end.
            if (place < 0 || size == 0) {
                target.delivery.leave(entry);
            }
        }
        if (place < 0 || resumes) {
            // relay_reserve(0) gives NULL on the call that resumes a suspended buffer.
            return place < 0 ? (int) place : WriteResult.FULL;
        }
        buffer = target;
        word = place;
        length = (int) size;
        header = prefix;
        inFlight = entry;
        int index = ring.geometry.index(place);
        long offset = ring.geometry.offset(place);
        if (events) {
            EventWriter.putHeader(ring.address(index, offset), entry, EventLayout.BYTES, count);
        }
        memory = target.writable(index, offset + prefix, count);
        return count;
    }
}
