package org.relayfs.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// One CPU's buffer: relay's `rchan_buf`, as a program holds it. A channel makes its buffers and ends them; nobody else
/// implements this.
///
/// Any thread of the owning process may call any method. A method called after the channel was closed works on: what
/// was written stays readable, writes are refused with [WriteResult#CLOSED]. The memory stays mapped while the buffer
/// is reachable.
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

    /// Reserves space for one record in this buffer: `relay_reserve`. Lock-free.
    ///
    /// @param reservation takes it; made by the channel, not open
    /// @param length      bytes, 0 or more
    /// @return `length`, or one of [WriteResult]
    /// @throws IllegalStateException the reservation is open
    /// @throws IllegalArgumentException the length is negative, or the reservation is none of ours
    int reserve(Reservation reservation, int length);

    /// `relay_flush`: closes the open sub-buffer, even an empty one, so that it can be polled, and opens the next; on a
    /// suspended buffer tries to resume.
    void flush();

    /// `relay_reset`: everything in it is thrown away; P, C, the offset and the counters start from 0 at slot 0.
    /// `st_size`, the memory, mappings and open files stay as they are; waiting pollers are not woken.
    ///
    /// Records reserved before the reset are gone with it, records reserved after it are in the new life and
    /// counted there. A write that overlaps it may be refused as `full`, or be gone and counted all the same.
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

    /// {@return true when poll says IN: P differs from C}
    boolean isReadable();

    /// {@return true when a read would return bytes now, those of the open sub-buffer included}
    boolean hasData();

    /// {@return true once the channel has been closed}
    boolean isFinalized();

    /// Reads up to `length` bytes and consumes them: relay's `read(2)`. Never waits.
    ///
    /// @param target where they go
    /// @param offset of the first byte in `target`
    /// @param length at most so many bytes
    /// @return bytes read; 0 when there is nothing now
    /// @throws IndexOutOfBoundsException the range is not in the target
    int read(MemorySegment target, long offset, int length);

    /// Reads without a copy: gathers up to `length` bytes over sub-buffer borders, hands them to `sink` and consumes
    /// them when it says so. In overwrite mode the bytes are copied and checked first, at most 1 MiB a call.
    ///
    /// @param length at most so many bytes
    /// @param sink   takes the bytes
    /// @return bytes consumed
    /// @throws IOException from the sink; nothing is consumed
    long read(long length, ReadySink sink) throws IOException;

    /// {@return `st_size` of its file: payload bytes of closed sub-buffers, changed by truncate}
    long fileSize();

    /// {@return what it has counted}
    BufferStats stats();

    /// {@return relay's `padding[slot]`: unused bytes at its end when it was closed last, 0 while it is open}
    ///
    /// @param slot index of a sub-buffer
    /// @throws IndexOutOfBoundsException no such sub-buffer
    long paddingBytes(int slot);

    /// {@return the tmpfs file that holds exactly the bytes that mmap shows; gone once the channel is closed}
    Path dataPath();

    /// {@return read-only view of the live data, S times N bytes rounded up to pages; keeps it mapped}
    MemorySegment data();
}
