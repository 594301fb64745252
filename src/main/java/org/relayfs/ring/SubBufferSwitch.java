package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// The slow path of writers: moves the reserve word from one sub-buffer to the next, or returns why it cannot.
/// Relay's `relay_switch_subbuf`, lock-free for the built-in modes. Any thread of any process.
///
/// Guarantees:
/// 1. Exactly one thread closes each opened sub-buffer: the one whose CAS took it out of the open state.
/// 2. A sub-buffer is opened only when nobody is in its earlier laps; the CAS that opens it proves that the reserve
///    word, and with it that finding, has not changed meanwhile.
/// 3. Who closes or skips announces that by CLOSING, and never claims a place in the sub-buffer that it closes: it
///    would wait for itself.
sealed class SubBufferSwitch permits CallbackSwitch, PatientSwitch {
    static final int MAX_YIELDS = 16;

    /// Somebody else moved the reserve word: look again.
    static final long RETRY = Long.MIN_VALUE;

    /// Somebody is in every sub-buffer, or the positions are used up.
    static final long STALLED = Long.MIN_VALUE + 1;

    /// This thread has skipped a sub-buffer: look again, but not for ever.
    static final long SKIPPED = Long.MIN_VALUE + 2;

    final Ring ring;
    final Geometry geometry;
    final Delivery delivery;
    final Refusals refusals;
    final Move move;
    private final SubBufferHeader header;

    SubBufferSwitch(Ring ring, Delivery delivery) {
        this(ring, delivery, new Refusals(ring));
    }

    SubBufferSwitch(Ring ring, Delivery delivery, Refusals refusals) {
        this.header =
                ring.geometry.hasEvents() ? new SubBufferEvent() : new PaddingHeader(ring.geometry.headerLength());
        this.ring = ring;
        this.geometry = ring.geometry;
        this.delivery = delivery;
        this.refusals = refusals;
        this.move = new Move(ring, delivery);
    }

    /// Takes space for a record of 0 or more bytes. The caller's in-flight entry announces it.
    ///
    /// @return the reserve word that names the place (never negative), or one of [WriteResult]
    long reserve(long length, long inFlight) {
        try {
            return take(length, inFlight);
        } catch (DamagedBufferException e) {
            return WriteResult.DAMAGED;
        }
    }

    /// {@return the length of a record beyond which it is not even tried to find a place for it}
    long largest() {
        return geometry.hasEvents() ? EventLayout.largest(geometry.subBufferSize()) : geometry.subBufferSize();
    }

    private long take(long length, long inFlight) {
        if (length > largest()) {
            boolean live = geometry.live(ring.reserve()) != 0;
            return refusals.count(live ? WriteResult.TOO_BIG : refusals.closedOrDisabled(), length);
        }
        return move(length, false, inFlight);
    }

    /// `relay_flush`: closes the open sub-buffer, even an empty one, and opens the next; retries that on a suspended
    /// one.
    void flush(long inFlight) {
        try {
            move(0, true, inFlight);
        } catch (DamagedBufferException e) {
            // There is nothing that a reader could get.
        }
    }

    /// Runs an action that no switch of a client's may interrupt.
    void serialised(Runnable action) {
        action.run();
    }

    /// Discards everything: the next sub-buffer to be opened is slot 0 in the next lap. Serialised, and under the
    /// reader's lock.
    ///
    /// @return position of that slot
    long jump(long inFlight) {
        while (true) {
            long word = ring.reserve();
            long lap = geometry.lap(word);
            long base = (lap + 1) * geometry.subBufferCount();
            // Before the jump, so that no writer meets the new lap and finds it full of what is thrown away.
            BufferHeader.consumedRelease(ring.region, base);
            int last = geometry.subBufferCount() - 1;
            long jump = geometry.reserveWord(lap, last, geometry.closedOffset(), geometry.live(word));
            boolean open = geometry.isOpen(word);
            if (move.tryOnce(inFlight, InFlightTable.NO_CLAIM, 0, open ? word : 0, word, jump)) {
                if (open) {
                    delivery.close(word, false, inFlight);
                }
                for (int index = geometry.index(word) + 1; index <= last; index++) {
                    delivery.closeSkipped(lap, index, inFlight);
                }
                delivery.skipTo(base);
                return base;
            }
        }
    }

    /// Opens the first sub-buffer of a new life, unless somebody else has.
    void start(long inFlight) {
        int skips = geometry.subBufferCount();
        long placed = RETRY;
        long word = ring.reserve();
        while (!geometry.isOpen(word) && (placed == RETRY || placed == SKIPPED && skips-- > 0)) {
            placed = place(word, 0, inFlight);
            word = ring.reserve();
        }
    }

    private long move(long length, boolean flush, long inFlight) {
        int yields = 0;
        // Who has skipped all of them finds none that is free, whatever the table says.
        int skips = geometry.subBufferCount();
        while (true) {
            long word = ring.reserve();
            boolean open = geometry.isOpen(word);
            if (!flush && geometry.live(word) == 0) {
                return refusals.count(refusals.closedOrDisabled(), length);
            }
            if (!flush && open && geometry.offset(word) + length <= geometry.subBufferSize()) {
                if (move.tryOnce(inFlight, word, length, 0, word, word + length)) {
                    return word;
                }
                continue;
            }
            long placed = step(word, length, inFlight);
            if (placed == STALLED || placed == SKIPPED && skips-- <= 0) {
                if (yields++ == MAX_YIELDS) {
                    return refusals.count(WriteResult.STRAGGLER, length);
                }
                Thread.yield();
            } else if (placed != RETRY && placed != SKIPPED) {
                return placed;
            }
        }
    }

    /// One attempt to get from `word` to an open sub-buffer that holds `length` more bytes.
    ///
    /// @return the place, a refusal that has been counted, [#RETRY], [#SKIPPED] or [#STALLED]
    long step(long word, long length, long inFlight) {
        boolean open = geometry.isOpen(word);
        long next = geometry.position(word) + 1;
        boolean full = next - ring.consumed() >= geometry.subBufferCount();
        if (full && !ring.overwrite) {
            if (open && !closeOnly(word, inFlight)) {
                return RETRY;
            }
            return open || ring.reserve() == word ? refusals.count(WriteResult.FULL, length) : RETRY;
        }
        long placed =
                open && geometry.subBufferCount() == 1 ? reopen(word, length, inFlight) : place(word, length, inFlight);
        if (full && placed != RETRY && placed != STALLED && placed != SKIPPED) {
            ring.count(BufferHeader.FULL_OFFSET, 1);
        }
        return placed;
    }

    /// The only sub-buffer: it can be opened again only when it has been closed. A flush (length 0) has done its work
    /// when somebody else opens it then.
    private long reopen(long word, long length, long inFlight) {
        if (!closeOnly(word, inFlight)) {
            return RETRY;
        }
        long closed = word - geometry.offset(word) + geometry.closedOffset();
        long placed = place(closed, length, inFlight);
        return placed == RETRY && length == 0 ? closed : placed;
    }

    /// Takes on the duty to close the sub-buffer that `word` shows open, and closes it. From the CAS on others
    /// wait for that, so it is announced before.
    boolean closeOnly(long word, long inFlight) {
        long closed = word - geometry.offset(word) + geometry.closedOffset();
        boolean done = move.tryOnce(inFlight, InFlightTable.NO_CLAIM, 0, word, word, closed);
        if (done) {
            delivery.close(word, true, inFlight);
        }
        return done;
    }

    /// Closes the sub-buffer that is open, if one is, and opens no other: of a buffer that admits no writers any more.
    void closeLast(long inFlight) {
        for (long word = ring.reserve(); geometry.isOpen(word); word = ring.reserve()) {
            closeOnly(word, inFlight);
        }
    }

    /// Opens the sub-buffer after `word`, or skips it when somebody is in it.
    private long place(long word, long length, long inFlight) {
        int last = geometry.index(word);
        int index = last + 1 == geometry.subBufferCount() ? 0 : last + 1;
        long lap = geometry.lap(word) + (index == 0 ? 1 : 0);
        if (lap > geometry.lastLap()) {
            return STALLED;
        }
        if (!ring.isFree(index, lap)) {
            return ring.reserve() == word ? skip(word, lap, index, inFlight) : RETRY;
        }
        return open(word, lap, index, length, header, inFlight);
    }

    /// Opens a free sub-buffer in place of `word`: header and record are reserved by one CAS.
    long open(long word, long lap, int index, long length, SubBufferHeader header, long inFlight) {
        int headerLength = header.length();
        boolean fits = headerLength + length <= geometry.subBufferSize();
        long taken = fits ? headerLength + length : headerLength;
        boolean closing = geometry.isOpen(word);
        long opened = geometry.reserveWord(lap, index, 0, geometry.live(word));
        if (!move.tryOnce(inFlight, opened, taken | Extent.FROM_START, closing ? word : 0, word, opened + taken)) {
            return RETRY;
        }
        // Seqlock: the new lap's number before its bytes. pairs with: RingView.isIntact, WordsCopy.copy
        VarHandle.storeStoreFence();
        if (closing) {
            delivery.close(word, true, inFlight);
        }
        if (headerLength > 0) {
            header.write(ring, lap, index, inFlight);
            InFlightTable.setWordRelease(inFlight, opened + headerLength);
        }
        return fits ? opened + headerLength : refusals.count(WriteResult.TOO_BIG, length);
    }

    // As many skips as there are other sub-buffers lead back to the first straggler: then let it run. Closing and
    // skipping are two steps, so that each announces the one sub-buffer that it owes.
    long skip(long word, long lap, int index, long inFlight) {
        if (!othersMayBeFree(word)) {
            return STALLED;
        }
        if (geometry.isOpen(word)) {
            closeOnly(word, inFlight);
            return RETRY;
        }
        long skipped = geometry.reserveWord(lap, index, geometry.closedOffset(), geometry.live(word));
        if (!move.tryOnce(inFlight, InFlightTable.NO_CLAIM, 0, skipped, word, skipped)) {
            return RETRY;
        }
        ring.count(BufferHeader.SKIPPED_OFFSET, 1);
        delivery.closeSkipped(lap, index, inFlight);
        return SKIPPED;
    }

    // No more sub-buffers have somebody in them than there are entries.
    private boolean othersMayBeFree(long word) {
        int count = geometry.subBufferCount();
        if (count > InFlightTable.ENTRIES + 1) {
            return true;
        }
        long position = geometry.position(word);
        for (int ahead = 2; ahead <= count; ahead++) {
            boolean current = ahead == count && geometry.isOpen(word);
            if (current || ring.isFree(geometry.indexOf(position + ahead), geometry.lapOf(position + ahead))) {
                return true;
            }
        }
        return false;
    }
}
