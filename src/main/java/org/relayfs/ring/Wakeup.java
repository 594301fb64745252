package org.relayfs.ring;

import org.relayfs.layout.BufferHeader;

/// The listener for a buffer's deliveries, and whether somebody waits for one. Any thread; lock-free.
///
/// A waiter arms first and then looks at the buffer; a deliverer delivers first and then checks whether the buffer
/// is armed. All of it is volatile, so one of the two sees the other.
final class Wakeup implements Runnable {
    private final Ring ring;
    private final RingBuffer buffer;
    private final Bell bell;
    private volatile DeliveryListener listener = delivered -> {};
    private volatile Runnable owner;

    /// DELIVERED up to which everybody has been told who wanted to know: by a wake-up, or because it was there already
    /// when the first of those who wait asked for one. May be too low, never too high.
    private volatile long told;

    /// Somebody in this process has armed and was not told: what ARMED says if nobody else has stored there.
    private volatile boolean waiting;

    Wakeup(Ring ring, RingBuffer buffer) {
        this.ring = ring;
        this.buffer = buffer;
        this.bell = Bell.ofDeliveries(ring.meta);
    }

    void listener(DeliveryListener value) {
        listener = value;
    }

    /// @param value in an attached process: how to reach the owner, whose listener is to be called
    void owner(Runnable value) {
        owner = value;
    }

    void arm() {
        long delivered = BufferHeader.deliveredVolatile(ring.region);
        waiting = true;
        if (BufferHeader.armedGetAndSet(ring.region, 1) == 0) {
            told = delivered;
        }
    }

    /// Arms again what somebody who waits has armed, if the word was overwritten: nobody would be told otherwise.
    void restore() {
        if (waiting && !isArmed()) {
            BufferHeader.armedGetAndSet(ring.region, 1);
        }
    }

    boolean isArmed() {
        return BufferHeader.armedVolatile(ring.region) != 0;
    }

    /// {@return true when something was delivered that those who wait have not been told of}
    boolean hasNews() {
        return BufferHeader.deliveredVolatile(ring.region) != told;
    }

    /// {@return true while a reader waits that has mapped the channel}
    boolean isBellArmed() {
        return bell.isArmed();
    }

    /// Wakes who waits. Two steps, because a plain load is all that a delivery pays while nobody does.
    @Override
    public void run() {
        bell.ring();
        if (!isArmed()) {
            return;
        }
        Runnable remote = owner;
        if (remote != null) {
            remote.run();
            return;
        }
        long delivered = BufferHeader.deliveredVolatile(ring.region);
        if (isArmed() && BufferHeader.armedGetAndSet(ring.region, 0) != 0) {
            told = delivered;
            waiting = false;
            listener.onDelivery(buffer);
        }
    }
}
