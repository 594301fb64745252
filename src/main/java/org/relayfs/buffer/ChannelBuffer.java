package org.relayfs.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// One CPU's buffer: relay's `rchan_buf`, as a program holds it. A channel creates and ends its buffers; nothing
/// else implements this.
///
/// Any thread of the owning process may call any method. The methods still work after the channel was closed: what
/// was written stays readable, writes are refused with [WriteResult#CLOSED]. The memory stays mapped while the
/// buffer is reachable.
public interface ChannelBuffer {
    /// {@return the CPU it belongs to; 0 for a global channel}
    int cpu();

    /// Logs one record into this buffer, whatever CPU the caller runs on. Lock-free.
    ///
    /// @param source where the record is
    /// @param offset of its first byte in `source`
    /// @param length in bytes, 0 or more
    /// @return `length`, or one of [WriteResult]
    /// @throws IndexOutOfBoundsException the range is not in the source
    /// @throws IllegalStateException the source was closed; nothing is logged
    int write(MemorySegment source, long offset, int length);

    /// Reserves space for one record in this buffer: `relay_reserve`. Lock-free. At most 64 can be open in a buffer.
    ///
    /// @param reservation takes it; made by the channel, not open
    /// @param length      bytes, 0 or more
    /// @return `length`, or one of [WriteResult]
    /// @throws IllegalStateException the reservation is open
    /// @throws IllegalArgumentException the length is negative, or the reservation was not made by a channel
    int reserve(Reservation reservation, int length);

    /// `relay_flush`: closes the open sub-buffer, even an empty one, so that it can be polled, and opens the next;
    /// on a suspended buffer, it tries to resume.
    ///
    /// @throws IllegalStateException too many reservations are open, see [Reservation]
    void flush();

    /// `relay_reset`: discards everything in it; P, C, the offset and the counters start from 0 at slot 0.
    /// `st_size`, the memory, mappings and open files stay as they are; waiting pollers are not woken.
    ///
    /// Records reserved before the reset are discarded, records reserved after it are kept and counted. A write
    /// that overlaps it may be refused as `full`, or be discarded and yet counted.
    ///
    /// @throws IllegalStateException too many reservations are open, see [Reservation]
    void reset();

    /// {@return P as the files show it: sub-buffers closed and complete since the last reset}
    long produced();

    /// {@return C as the files show it: sub-buffers consumed since the last reset}
    long consumed();

    /// `relay_subbufs_consumed`: ignored when n is larger than the sub-buffer count, clamped to P.
    ///
    /// @param count sub-buffers
    void subBuffersConsumed(long count);

    /// {@return true when every sub-buffer is closed and unconsumed: `relay_buf_full`}
    boolean isFull();

    /// {@return true when poll reports IN: P differs from C}
    boolean isReadable();

    /// {@return true when a read would return bytes now, including those of the open sub-buffer}
    boolean hasData();

    /// {@return true once the channel has been closed}
    boolean isFinalized();

    /// Reads up to `length` bytes and consumes them: relay's `read(2)`. Never waits.
    ///
    /// @param target where they go
    /// @param offset of the first byte in `target`
    /// @param length the maximum number of bytes
    /// @return bytes read; 0 if nothing is there now
    /// @throws IndexOutOfBoundsException the range is not in the target
    int read(MemorySegment target, long offset, int length);

    /// Reads without a copy: gathers up to `length` bytes across sub-buffer boundaries, hands them to `sink` and
    /// consumes them if it returns true. In overwrite mode the bytes are copied and checked first, at most 1 MiB
    /// per call.
    ///
    /// @param length the maximum number of bytes
    /// @param sink   takes the bytes
    /// @return bytes consumed
    /// @throws IOException from the sink; nothing is consumed
    /// @throws DamagedBufferException the shared memory is damaged
    long read(long length, ReadySink sink) throws IOException;

    /// {@return `st_size` of its file: payload bytes of closed sub-buffers, changed by truncate}
    long fileSize();

    /// {@return its counters}
    BufferStats stats();

    /// {@return relay's `padding[slot]`: unused bytes at its end when it was last closed, 0 while it is open}
    ///
    /// @param slot index of a sub-buffer
    /// @throws IndexOutOfBoundsException no such sub-buffer
    long paddingBytes(int slot);

    /// {@return the tmpfs file that holds exactly the bytes that mmap shows; gone once the channel is closed}
    Path dataPath();

    /// {@return a read-only view of the live data, S times N bytes rounded up to pages; it keeps the memory mapped}
    MemorySegment data();
}
