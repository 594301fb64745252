package org.relayfs.fuse.wire;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.linux.FileCalls;

/// The device as seen by threads that do not belong to the session: writers of records, which may come at any
/// time, even while the mount ends. The descriptor is not closed while one of them uses it, and not used once it
/// is closed.
///
/// [#post] is wait-free, except for the system call, which does not block.
public final class FuseDevice {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final long PAUSE_NS = 50_000;

    private final int descriptor;
    /// How many threads are in [#post], plus [#CLOSED].
    private final AtomicInteger users = new AtomicInteger();

    /// @param descriptor of /dev/fuse
    public FuseDevice(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Writes a notification, if the device is open. It is no error if nobody waits for it any more.
    public void post(MemorySegment notification) {
        if (users.incrementAndGet() >= 0) {
            FileCalls.writeUnheard(descriptor, notification);
        }
        users.decrementAndGet();
    }

    /// From here on nothing is posted. Waits for the threads that are just posting: none of them blocks, but one
    /// may have been preempted.
    ///
    /// @param timeoutMs how long to wait at most
    /// @return true when nobody uses the device any more
    public boolean close(long timeoutMs) {
        users.getAndUpdate(count -> count < 0 ? count : count + CLOSED);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (users.get() != CLOSED && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        return users.get() == CLOSED;
    }
}
