package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The waiters in poll, select or epoll on one open file. The notification that wakes it is always the same,
/// so that the waker needs no memory for it.
public final class Poller {
    private static final int SIZE = FuseProtocol.OUT_HEADER_SIZE + FuseProtocol.NOTIFY_POLL_SIZE;

    private final FuseDevice device;
    private final MemorySegment notification;

    /// @param device       of the mount
    /// @param kernelHandle the kernel's name for the open file
    public Poller(FuseDevice device, long kernelHandle) {
        this.device = device;
        notification = Arena.ofAuto().allocate(SIZE, Long.BYTES);
        notification.set(JAVA_INT, FuseProtocol.OUT_LENGTH, SIZE);
        notification.set(JAVA_INT, FuseProtocol.OUT_ERROR, FuseProtocol.NOTIFY_POLL);
        notification.set(JAVA_LONG, FuseProtocol.OUT_HEADER_SIZE, kernelHandle);
    }

    /// Wakes them. Any thread.
    public void wake() {
        device.post(notification);
    }
}
