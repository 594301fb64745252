package org.relayfs.ring;

import java.util.concurrent.locks.ReentrantLock;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.InFlightTable;

/// The switches of a channel whose client decides on each: serialised, so that the client sees them one at a time
/// and the previous sub-buffer is delivered only after the client could write its header. Writers that need no
/// switch do not come here. Only the owning process switches: others cannot call the client.
final class CallbackSwitch extends SubBufferSwitch {
    // Held while the client decides. The reader's lock may be taken under it, never the other way round: a client may
    // release sub-buffers from its callback.
    private final ReentrantLock lock = new ReentrantLock();
    private final SwitchPolicy policy;
    private final RingBuffer buffer;

    CallbackSwitch(Ring ring, Delivery delivery, SwitchPolicy policy, RingBuffer buffer) {
        super(ring, delivery);
        this.policy = policy;
        this.buffer = buffer;
    }

    @Override
    void serialised(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    void start(long inFlight) {
        lock.lock();
        try {
            SubBufferOpening start = new SubBufferOpening(buffer, null, 0, false, geometry.subBufferSize());
            policy.onSubBufferStart(start);
            openNext(0, start, inFlight);
        } finally {
            lock.unlock();
        }
    }

    @Override
    long step(long word, long length, long inFlight) {
        if (lock.isHeldByCurrentThread()) {
            return refusals.count(WriteResult.FULL, length);
        }
        lock.lock();
        try {
            return decide(word, length, inFlight);
        } finally {
            lock.unlock();
        }
    }

    private long decide(long word, long length, long inFlight) {
        boolean open = geometry.isOpen(word);
        long closed = open ? word - geometry.offset(word) + geometry.closedOffset() : word;
        boolean moved =
                open ? move.tryOnce(inFlight, InFlightTable.NO_CLAIM, 0, word, word, closed) : ring.reserve() == word;
        if (!moved) {
            return RETRY;
        }
        long next = geometry.position(closed) + 1;
        boolean full = next - ring.consumed() >= geometry.subBufferCount();
        long filled = open ? geometry.offset(word) : ring.payload(next - 1);
        SubBufferOpening start = new SubBufferOpening(
                buffer,
                buffer.subBuffer(geometry.index(closed)),
                geometry.subBufferSize() - filled,
                full,
                geometry.subBufferSize());
        boolean accepted = false;
        try {
            accepted = policy.onSubBufferStart(start);
        } finally {
            if (open) {
                delivery.close(word, true, inFlight);
            }
            ring.count(BufferHeader.FULL_OFFSET, full ? 1 : 0);
            refusals.lost(accepted ? 0 : length);
        }
        return accepted ? openNext(length, start, inFlight) : WriteResult.FULL;
    }

    /// Opens the next sub-buffer in which nobody is. Only this thread can open; LIVE may change meanwhile.
    private long openNext(long length, SubBufferOpening start, long inFlight) {
        int yields = 0;
        int skips = geometry.subBufferCount();
        while (true) {
            long word = ring.reserve();
            int last = geometry.index(word);
            int index = last + 1 == geometry.subBufferCount() ? 0 : last + 1;
            long lap = geometry.lap(word) + (index == 0 ? 1 : 0);
            boolean possible = lap <= geometry.lastLap();
            long placed = !possible
                    ? STALLED
                    : ring.isFree(index, lap)
                            ? open(word, lap, index, length, start, inFlight)
                            : skip(word, lap, index, inFlight);
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
}
