package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;

/// Commits, closes and delivers sub-buffers. Any thread; lock-free.
final class Delivery {
    private final Ring ring;
    private final Geometry geometry;
    private final Runnable wakeup;

    /// @param wakeup called after something was delivered
    Delivery(Ring ring, Runnable wakeup) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.wakeup = wakeup;
    }

    /// Publishes reserved bytes of an open or closed sub-buffer.
    void commit(int index, long length, long records) {
        long entry = ring.entry(index);
        long delta = length + records * geometry.recordUnit();
        settle(entry, SubBufferTable.commitGetAndAdd(entry, delta) + delta);
    }

    /// Closes the sub-buffer that `word` found open. To be called once, by the thread whose CAS took it out of that
    /// state.
    ///
    /// @param counted  false when its bytes are thrown away (reset) and `st_size` must not grow
    /// @param inFlight where the thread has announced it
    void close(long word, boolean counted, long inFlight) {
        int index = geometry.index(word);
        long lap = geometry.lap(word);
        long payload = geometry.offset(word);
        long entry = ring.entry(index);
        if (counted) {
            ring.count(BufferHeader.CLOSED_BYTES_OFFSET, payload);
        }
        InFlightTable.closingRelease(inFlight, word | InFlightTable.COUNTED);
        SubBufferTable.setInfoVolatile(entry, ring.info(lap, payload));
        long padding = geometry.subBufferSize() - payload;
        if (geometry.headerLength() > 0 && padding != 0) {
            // INFO before the padding, or an opener could miss the one and wipe out the other.
            // pairs with: PaddingHeader.write
            VarHandle.storeStoreFence();
            PaddingHeader.store(ring, index, padding);
        }
        long delta = geometry.lapUnit() - payload;
        settle(entry, SubBufferTable.commitGetAndAdd(entry, delta) + delta);
    }

    /// Closes, as an empty one, a sub-buffer that nobody has opened in this lap.
    void closeSkipped(long lap, int index) {
        long entry = ring.entry(index);
        SubBufferTable.setInfoVolatile(entry, ring.skippedInfo(lap));
        SubBufferTable.commitGetAndAdd(entry, geometry.lapUnit());
        deliver();
    }

    /// After an add to a commit word: the one that balances it counts its records and delivers.
    void settle(long entry, long commit) {
        if (geometry.isBalanced(commit)) {
            countRecords(entry);
            deliver();
        } else if (geometry.isPiledUp(commit)) {
            countRecords(entry);
        }
    }

    // Linear, so it may meet the next lap's records in the same field; only a borrowed field must be left alone.
    private void countRecords(long entry) {
        long commit = SubBufferTable.commitVolatile(entry);
        long records = geometry.uncountedRecords(commit);
        while (records != 0 && !geometry.isBorrowed(records)) {
            if (SubBufferTable.commitCompareAndSet(entry, commit, commit - records * geometry.recordUnit())) {
                ring.count(BufferHeader.RECORDS_OFFSET, records);
                return;
            }
            commit = SubBufferTable.commitVolatile(entry);
            records = geometry.uncountedRecords(commit);
        }
    }

    /// Moves DELIVERED over everything that is complete, in order. Two threads that complete neighbours at the same
    /// time: each adds to its commit word and then reads the other's, both volatile, so at least one of them sees
    /// both.
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
        while (position <= last && ring.isComplete(position)) {
            long next = Math.max(position, last - geometry.subBufferCount()) + 1;
            moved |= BufferHeader.deliveredCompareAndSet(ring.region, position, next);
            position = ring.delivered();
            last = geometry.position(ring.reserve());
        }
        return moved;
    }

    /// Moves DELIVERED to a position that a reset has begun at.
    void skipTo(long position) {
        long delivered = ring.delivered();
        while (delivered < position && !BufferHeader.deliveredCompareAndSet(ring.region, delivered, position)) {
            delivered = ring.delivered();
        }
    }
}
