package org.relayfs.ring;

/// A wait for room in one buffer: arm, try to write, and if that was refused, wait. For one thread.
interface RoomWait extends AutoCloseable {
    /// To be called before each try.
    void arm();

    /// Waits until there may be room since it was armed. May return early, for example when the thread is interrupted.
    ///
    /// @param maxNs at most so many nanoseconds
    void await(long maxNs);

    /// Ends it. Idempotent.
    @Override
    void close();
}
