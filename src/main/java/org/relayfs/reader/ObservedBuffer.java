package org.relayfs.reader;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.ReadySink;
import org.relayfs.ring.Observation;

/// One CPU's buffer as an observer sees it: a place of its own in the stream. Used by the thread that uses its
/// [ChannelObserver].
public final class ObservedBuffer {
    /// Returned by [#look]: what the sink was given may have been overwritten while it looked.
    public static final long OVERWRITTEN = Observation.OVERWRITTEN;

    private final int cpu;
    private final Observation observation;

    ObservedBuffer(int cpu, Observation observation) {
        this.cpu = cpu;
        this.observation = observation;
    }

    /// {@return the CPU it belongs to; 0 for a global channel}
    public int cpu() {
        return cpu;
    }

    /// Copies what comes next in the stream and moves on: at most what is left of one sub-buffer. So with room for a
    /// whole one, see [ChannelObserver#subBufferSize()], no record is divided. What is returned is certain: bytes
    /// that a writer has overtaken count as missed. Never waits.
    ///
    /// @param target where the bytes go
    /// @param offset of the first one there
    /// @param length at most so many, 1 or more
    /// @return how many; 0: there is nothing now
    /// @throws IndexOutOfBoundsException the range is not in the target
    /// @throws IllegalArgumentException the length is 0
    /// @throws DamagedBufferException the shared memory is damaged
    public int read(MemorySegment target, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        return observation.read(target, offset, checked(length));
    }

    /// Hands over what comes next without a copy: at most what is left of one sub-buffer. A writer may overwrite it
    /// while the sink looks, in either mode. If one has, or may have, the result is [#OVERWRITTEN], whatever the
    /// sink has returned, and the bytes count as missed. So the sink must do nothing that cannot be undone. Never
    /// waits.
    ///
    /// @param length at most so many bytes, 1 or more
    /// @param sink   looks at the bytes; not called when there are none. When it returns false, they come again
    /// @return how many bytes it was given, all of them intact to its end; 0: there is nothing now, or it has
    ///     returned false; or [#OVERWRITTEN]
    /// @throws IllegalArgumentException the length is less than 1
    /// @throws IOException from the sink; the bytes come again
    /// @throws DamagedBufferException the shared memory is damaged
    public long look(long length, ReadySink sink) throws IOException {
        return observation.look(checked(length), sink);
    }

    private static <T extends Number> T checked(T length) {
        if (length.longValue() < 1) {
            throw new IllegalArgumentException("read: length=" + length + ", limit=1 or more");
        }
        return length;
    }

    /// {@return true when there are bytes, those of the open sub-buffer included; while a writer just closes that, a
    /// [#read] may still return nothing}
    ///
    /// @throws DamagedBufferException the shared memory is damaged, or the channel's owner says so
    public boolean hasData() {
        return observation.hasMore();
    }

    /// {@return the bytes that were overwritten before this observer has read them, since it began; holes and padding
    /// headers are among them, what a reset has thrown away is not. While a writer just switches sub-buffers, the
    /// number as it was before; else exact}
    ///
    /// @throws DamagedBufferException the shared memory is damaged
    public long missedBytes() {
        return observation.missedBytes();
    }

    /// {@return the sub-buffers that were overwritten before this observer has read them to their end; those that
    /// held nothing are among them}
    ///
    /// @throws DamagedBufferException the shared memory is damaged
    public long missedSubBuffers() {
        return observation.missedSubBuffers();
    }

    /// {@return the records that writers have lost since the buffer was made, whatever was reset: refused because
    /// it was full, because they were too big or because somebody was in every sub-buffer, or given up; still known
    /// after the channel was closed. A resize makes new buffers, which begin at 0}
    public long lostRecords() {
        return observation.lostRecords();
    }
}
