package org.relayfs.ring;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ReadySink;

/// The buffers that a CPU of a channel has had since its last resizes, as one stream: what is in an older one is read
/// before what is in a younger one. A buffer leaves it when it was read to its end and nobody is in it any more; its
/// counters stay.
///
/// Any thread of the owning process. Readers of the same buffer exclude each other there; none of them goes on to the
/// next buffer before the one before it is used up, which stays so: so no two bytes are delivered in another order
/// than the reads were.
final class Lineage {
    private static final DeliveryListener[] NOBODY = {};

    /// Replaced under this.
    private volatile State state;

    private volatile DeliveryListener[] listeners = NOBODY;

    /// Room is in the buffer that takes the records, whichever that is.
    final Room room = new Room(this::ringBells);

    /// @param buffers  oldest first; the last takes the records
    /// @param left     the counters of those that have left, null before the first
    /// @param dropped  the records that those have refused
    /// @param leftSize what those have added to `st_size`, changed by truncate
    private record State(List<RingBuffer> buffers, BufferStats left, long dropped, long leftSize) {
        State with(RingBuffer next) {
            return new State(Stream.concat(buffers.stream(), Stream.of(next)).toList(), left, dropped, leftSize);
        }

        State withoutFirst() {
            RingBuffer first = buffers.getFirst();
            return new State(
                    buffers.subList(1, buffers.size()),
                    BufferCounters.sum(left, first.statsOfThis()),
                    dropped + first.droppedByThis(),
                    leftSize + sizeOf(first));
        }

        boolean isResized() {
            return buffers.size() > 1;
        }

        long sum(ToLongFunction<RingBuffer> size) {
            return buffers.stream().mapToLong(size).sum();
        }
    }

    Lineage(RingBuffer first) {
        this.state = new State(List.of(first), null, 0, 0);
    }

    // pairs with: Lineage.taker
    synchronized void append(RingBuffer next) {
        state = state.with(next);
    }

    /// {@return the buffer that takes the records now, for one who was refused in an older one: the first that is not
    /// closed. While a resize is under way that need not be the last}
    // pairs with: Lineage.append
    RingBuffer taker() {
        for (RingBuffer buffer : state.buffers) {
            if (!buffer.isHandedOver()) {
                return buffer;
            }
        }
        return last();
    }

    /// {@return the youngest buffer}
    RingBuffer last() {
        return state.buffers.getLast();
    }

    /// {@return those that are left, oldest first}
    List<RingBuffer> buffers() {
        return state.buffers;
    }

    /// Takes out those that are used up.
    void sweep() {
        if (state.isResized()) {
            state.buffers.getFirst().closeLast();
            takeOut().forEach(RingBuffer::passed);
        }
    }

    private synchronized List<RingBuffer> takeOut() {
        List<RingBuffer> out = new ArrayList<>();
        for (RingBuffer first = state.buffers.getFirst();
                state.isResized() && first.outlet.isUsedUp() && first.outlet.isLeft();
                first = state.buffers.getFirst()) {
            state = state.withoutFirst();
            out.add(first);
        }
        return out;
    }

    long read(long length, ReadySink sink) throws IOException {
        List<RingBuffer> all = state.buffers;
        for (int i = 0; i < all.size(); i++) {
            long read = all.get(i).outlet.readIfAny(length, sink);
            if (read != Outlet.NOTHING) {
                return read;
            }
            if (i == all.size() - 1 || !isUsedUp(all.get(i))) {
                break;
            }
            sweep();
        }
        return Outlet.sayNothing(sink);
    }

    private static boolean isUsedUp(RingBuffer buffer) {
        buffer.closeLast();
        return buffer.outlet.isUsedUp();
    }

    boolean hasData() {
        return first().outlet.hasData();
    }

    boolean isReadable() {
        return first().outlet.isReadable();
    }

    // The one that is read next. What is used up has nothing to offer, even if sub-buffers without bytes are left in
    // it.
    private RingBuffer first() {
        List<RingBuffer> all = state.buffers;
        int first = 0;
        while (first < all.size() - 1 && isUsedUp(all.get(first))) {
            first++;
        }
        return all.get(first);
    }

    /// `relay_reset`: what was there before a resize is discarded, too.
    void reset() {
        discardFormer().forEach(RingBuffer::passed);
        last().resetThis();
    }

    private synchronized List<RingBuffer> discardFormer() {
        List<RingBuffer> former = state.buffers.subList(0, state.buffers.size() - 1);
        former.forEach(ignored -> state = state.withoutFirst());
        state = new State(state.buffers, null, 0, state.leftSize);
        return former;
    }

    BufferStats stats() {
        State now = state;
        BufferStats sum = now.left;
        for (RingBuffer buffer : now.buffers) {
            sum = BufferCounters.sum(sum, buffer.statsOfThis());
        }
        return sum;
    }

    long dropped() {
        State now = state;
        return now.dropped + now.sum(RingBuffer::droppedByThis);
    }

    long fileSize() {
        State now = state;
        return Math.max(0, now.leftSize + now.sum(Lineage::sizeOf));
    }

    long writtenSize() {
        State now = state;
        return Math.max(0, now.leftSize + now.sum(buffer -> buffer.orZero(buffer.fileSize::written)));
    }

    synchronized void setFileSize(long bytes) {
        if (!state.isResized() && state.leftSize == 0) {
            last().fileSize.set(bytes);
            return;
        }
        state.buffers.forEach(buffer -> buffer.fileSize.forgetWritten());
        state = new State(state.buffers, state.left, state.dropped, bytes - state.sum(Lineage::sizeOf));
    }

    private static long sizeOf(RingBuffer buffer) {
        return buffer.orZero(buffer.fileSize::closed);
    }

    // Also of those that take no records any more: who waits there has to go on.
    private void ringBells() {
        List<RingBuffer> all = state.buffers;
        for (int i = 0; i < all.size(); i++) {
            all.get(i).ringRoomBell();
        }
    }

    /// @param before who was told of deliveries until now, or null
    /// @param after  who is told from now on, or null
    synchronized void replaceListener(DeliveryListener before, DeliveryListener after) {
        List<DeliveryListener> all = new ArrayList<>(List.of(listeners));
        all.remove(before);
        if (after != null) {
            all.add(after);
        }
        listeners = all.toArray(NOBODY);
    }

    /// Called by writers: one of the buffers has news.
    void onDelivery(RingBuffer buffer) {
        for (DeliveryListener listener : listeners) {
            listener.onDelivery(buffer);
        }
    }

    /// Arms all. A handover wakes who has armed the old buffer: so whoever has missed the new one is told, or sees it
    /// here.
    void arm() {
        RingBuffer youngest;
        do {
            youngest = last();
            state.buffers.forEach(buffer -> buffer.wakeup.arm());
        } while (youngest != last());
    }
}
