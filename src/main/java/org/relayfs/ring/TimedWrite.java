package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.EventLayout;

/// A write that waits for room for a limited time: of one record, by one thread of any process. Attempts that were
/// refused meanwhile have lost nothing, and are not counted; that it gave up is counted as one refusal.
///
/// No wake-up is lost: each try that ends in a wait is made after [RoomWait#arm], so either it sees the room, or
/// whoever makes it sees that somebody waits; see [Room] for threads of the owner, [Bell] for other processes.
public final class TimedWrite {
    private final int id;
    private final Object source;
    private final long offset;
    private final int length;
    private final long startNs = System.nanoTime();
    private final long timeoutNs;

    private TimedWrite(int id, Object source, long offset, int length, long timeoutNs) {
        this.id = id;
        this.source = source;
        this.offset = offset;
        this.length = length;
        this.timeoutNs = timeoutNs;
    }

    /// {@return a time limit in nanoseconds}
    ///
    /// @throws IllegalArgumentException it is negative
    public static long nanos(long timeout, TimeUnit unit) {
        if (timeout < 0) {
            throw new IllegalArgumentException("wait: timeout=" + timeout + ", limit=0 or more; 0 tries once");
        }
        return unit.toNanos(timeout);
    }

    /// Logs one record.
    ///
    /// @param buffer    that it goes to, or after a resize the next one
    /// @param source    from
    /// @param offset    of its first byte
    /// @param length    bytes
    /// @param timeoutNs at most so many nanoseconds; 0 or less: one try
    /// @return `length`, or one of [WriteResult]
    /// @throws InterruptedException while it waited: nothing is logged, and the record counted as refused
    public static int write(RingBuffer buffer, MemorySegment source, long offset, int length, long timeoutNs)
            throws InterruptedException {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        if (buffer.hasClient()) {
            return buffer.write(source, offset, length); // it decides, also whether to wait
        }
        return write(buffer, EventLayout.BYTES, source, offset, length, timeoutNs);
    }

    /// Logs one record, or one event. Nothing is allocated unless there is no room.
    ///
    /// @param buffer    without a client, that it goes to, or after a resize the next one
    /// @param id        of the type, in a buffer of events
    /// @param source    an array of bytes or a segment
    /// @param offset    of its first byte; offset and length have been checked
    /// @param length    bytes
    /// @param timeoutNs at most so many nanoseconds; 0 or less: one try
    /// @return `length`, or one of [WriteResult]
    /// @throws InterruptedException while it waited: nothing is logged, and the record counted as refused
    public static int write(RingBuffer buffer, int id, Object source, long offset, int length, long timeoutNs)
            throws InterruptedException {
        int result = buffer.tryIfRoom(id, source, offset, length);
        if (result != WriteResult.FULL && result != Handover.MOVED) {
            return result;
        }
        TimedWrite write = new TimedWrite(id, source, offset, length, timeoutNs);
        RingBuffer target = buffer;
        result = write.to(target);
        while (result == Handover.MOVED) {
            target = target.successor();
            result = target == null ? WriteResult.CLOSED : write.to(target);
        }
        return result;
    }

    private int to(RingBuffer buffer) throws InterruptedException {
        int result = buffer.tryIfRoom(id, source, offset, length);
        if (result != WriteResult.FULL) {
            return result;
        }
        try (RoomWait room = buffer.waitForRoom()) {
            room.arm();
            result = buffer.tryIfRoom(id, source, offset, length);
            while (result == WriteResult.FULL) {
                long leftNs = timeoutNs - (System.nanoTime() - startNs);
                if (leftNs <= 0) {
                    return buffer.giveUpWaiting(length);
                }
                if (Thread.interrupted()) {
                    int ignored = buffer.giveUpWaiting(length);
                    throw new InterruptedException("a record waited for room in " + buffer.dataPath());
                }
                room.await(leftNs);
                room.arm();
                result = buffer.tryIfRoom(id, source, offset, length);
            }
            return result;
        }
    }
}
