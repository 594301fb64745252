package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.linux.BarrierCalls;

/// Closes and delivers sub-buffers. Any thread; lock-free.
///
/// A closed sub-buffer is delivered by whoever finds it complete: its closer, or the last writer in it. That one of
/// the two does is a matter of four accesses: the closer asks for attention and then looks at the writer's
/// announcement, the writer withdraws its announcement and then looks for attention. Each needs a fence between its
/// store and its load. The writer has none, because it would be a second locked instruction for each record. So the
/// closer fences for both, by a system call that fences every running thread (`membarrier`), when it has found
/// somebody there.
final class Delivery {
    private static final int MAX_YIELDS = 16;

    private final Ring ring;
    private final Geometry geometry;
    private final Runnable wakeup;

    /// @param wakeup called after something was delivered
    Delivery(Ring ring, Runnable wakeup) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.wakeup = wakeup;
    }

    /// Closes the sub-buffer that `word` found open. To be called once, by the thread whose CAS took it out of that
    /// state.
    ///
    /// @param counted  false when its bytes are thrown away (reset) and `st_size` must not grow
    /// @param inFlight where the thread has announced it; no longer, when this returns
    void close(long word, boolean counted, long inFlight) {
        int index = geometry.index(word);
        long payload = geometry.offset(word);
        if (counted) {
            ring.count(BufferHeader.CLOSED_BYTES_OFFSET, payload);
        }
        InFlightTable.setClosingRelease(inFlight, word | InFlightTable.COUNTED);
        say(geometry.lap(word), index, payload);
        long padding = geometry.subBufferSize() - payload;
        if (geometry.headerLength() > 0 && padding != 0) {
            // INFO before the padding, or an opener could miss the one and wipe out the other.
            // pairs with: PaddingHeader.restore
            VarHandle.storeStoreFence();
            PaddingHeader.store(ring, index, padding);
        }
        InFlightTable.setClosingRelease(inFlight, 0);
        // Others look for this announcement, too: its withdrawal before the looks that follow, as in attend().
        // pairs with: Delivery.attend
        VarHandle.fullFence();
        deliver();
    }

    /// Closes, as an empty one, a sub-buffer that nobody has opened in this lap.
    ///
    /// @param inFlight where the thread has announced it, if it has; no longer, when this returns
    void closeSkipped(long lap, int index, long inFlight) {
        say(lap, index, geometry.offsetMask());
        InFlightTable.setClosingRelease(inFlight, 0);
        deliver();
    }

    /// Says how a lap ended, unless a later one has ended meanwhile.
    void say(long lap, int index, long payload) {
        long entry = ring.entry(index);
        long before = SubBufferTable.infoVolatile(entry);
        while (ring.infoLap(before) < lap
                && !SubBufferTable.infoCompareAndSet(entry, before, ring.info(lap, payload))) {
            before = SubBufferTable.infoVolatile(entry);
        }
    }

    /// To be called after an announcement was withdrawn: delivers, if somebody waits for that.
    ///
    /// @param word that was announced
    void attend(long word) {
        if (word < BufferHeader.attentionOpaque(ring.region) || !BarrierCalls.AVAILABLE) {
            // The withdrawal before the looks that follow. pairs with: Delivery.fence, Delivery.close
            VarHandle.fullFence();
            deliver();
        }
    }

    /// Gives an entry back and delivers what its writer has completed, if somebody waits for that.
    void leave(long inFlight) {
        long word = InFlightTable.wordOpaque(inFlight);
        ring.inFlight.leave(inFlight);
        if (word != 0) {
            attend(word);
        }
    }

    /// Moves DELIVERED over everything that is complete, in order.
    void deliver() {
        try {
            if (moveOver()) {
                wakeup.run();
            }
        } catch (DamagedBufferException e) {
            // Its writers have done what they could. It is marked, and whoever reads is told.
        }
    }

    // At most N steps: what is a lap behind is complete.
    private boolean moveOver() {
        boolean moved = false;
        long position = ring.delivered();
        long last = geometry.position(ring.reserve());
        while (position <= last && isComplete(position)) {
            long next = Math.max(position, last - geometry.subBufferCount()) + 1;
            moved |= BufferHeader.deliveredCompareAndSet(ring.region, position, next);
            position = ring.delivered();
            last = geometry.position(ring.reserve());
        }
        return moved;
    }

    private boolean isComplete(long position) {
        return ring.isComplete(position) || ring.isClosed(position) && askFor(position) && ring.isComplete(position);
    }

    /// Asks who is there to look when it is done.
    ///
    /// @return false when somebody has asked before, who looks himself after the fence
    private boolean askFor(long position) {
        long wanted = BarrierCalls.AVAILABLE ? geometry.startOf(position + 1) : Long.MAX_VALUE;
        long asked = BufferHeader.attentionVolatile(ring.region);
        while (asked < wanted) {
            if (BufferHeader.attentionCompareAndSet(ring.region, asked, wanted)) {
                fence();
                return true;
            }
            asked = BufferHeader.attentionVolatile(ring.region);
        }
        return false;
    }

    // pairs with: Delivery.attend
    private static void fence() {
        if (!BarrierCalls.fenceAll()) {
            // Without the call, writers that were asked to look for ever (see askFor) fence for themselves. What one of
            // them has withdrawn before it was asked is seen as soon as its processor has stored it.
            for (int i = 0; i < MAX_YIELDS; i++) {
                Thread.yield();
            }
            VarHandle.fullFence();
        }
    }

    /// Moves DELIVERED to a position that a reset has begun at.
    void skipTo(long position) {
        long delivered = ring.delivered();
        while (delivered < position && !BufferHeader.deliveredCompareAndSet(ring.region, delivered, position)) {
            delivered = ring.delivered();
        }
    }
}
