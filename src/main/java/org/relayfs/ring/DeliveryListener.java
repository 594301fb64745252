package org.relayfs.ring;

/// A listener for news that a buffer has for those who wait: a sub-buffer was delivered, or the buffer was
/// finalized.
@FunctionalInterface
public interface DeliveryListener {
    /// Called once for each [RingBuffer#armWakeup()], from the writer's thread: it must not block, lock, allocate
    /// much or throw. Queue the buffer and return.
    ///
    /// @param buffer the buffer that was armed
    void onDelivery(RingBuffer buffer);
}
