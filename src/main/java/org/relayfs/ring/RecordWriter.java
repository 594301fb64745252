package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;

/// The fast path of writers over all buffers of a channel: one look at the reserve word, one CAS, the copy, one add.
///
/// Any number of threads, platform or virtual. Wait-free except for the CAS, which is tried once here and in a
/// lock-free loop on the slow path. It makes no system call, takes no lock and allocates nothing. Buffers are
/// addressed by arithmetic (one region per CPU at a constant stride), because each object on the way costs
/// dependent loads before the CAS.
///
/// A record may go into another CPU's buffer: a thread that migrates between the look-up of its CPU and the
/// reservation merely meets some contention.
public final class RecordWriter {
    private static final VarHandle ADDRESSES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long COMMITTING = InFlightTable.RESERVED | InFlightTable.COMMITTING;

    private final RingBuffer[] buffers;
    // Address of each buffer's data; 0 while the buffer does not exist in this process.
    private final long[] dataAddresses;
    private final long firstBuffer;
    private final long stride;
    private final long processBits;
    private final long subBufferSize;
    private final long offsetMask;
    private final long pileBit;
    private final long settleMask;
    private final long liveMask;
    private final long liveBit;
    private final long indexMask;
    private final int indexShift;

    /// Addresses the regions; buffers are added later.
    ///
    /// @param geometry    of all buffers
    /// @param firstBuffer address of the first buffer's region
    /// @param stride      bytes from one region to the next
    /// @param slots       how many regions there are
    /// @param processSlot of this process in the channel header
    public RecordWriter(Geometry geometry, long firstBuffer, long stride, int slots, int processSlot) {
        this.buffers = new RingBuffer[slots];
        this.dataAddresses = new long[slots];
        this.firstBuffer = firstBuffer;
        this.stride = stride;
        this.processBits = (long) processSlot << 32;
        this.subBufferSize = geometry.subBufferSize();
        this.offsetMask = geometry.offsetMask();
        this.pileBit = geometry.pileBit();
        this.settleMask = pileBit | offsetMask;
        this.liveBit = geometry.liveBit();
        this.liveMask = liveBit | offsetMask;
        this.indexMask = geometry.indexMask();
        this.indexShift = geometry.offsetBits() + 1;
    }

    /// Lets writers use a buffer. To be called under the channel's lock, once a slot.
    ///
    /// @param slot   region number
    /// @param buffer the buffer
    public void add(int slot, RingBuffer buffer) {
        buffers[slot] = buffer;
        // pairs with: dataAddress
        ADDRESSES.setRelease(dataAddresses, slot, buffer.ring.bytes);
    }

    /// Takes all buffers away: what is written from now on finds [#NO_BUFFER].
    public void removeAll() {
        for (int slot = 0; slot < dataAddresses.length; slot++) {
            ADDRESSES.setRelease(dataAddresses, slot, 0L);
        }
    }

    /// {@return how many regions there are}
    public int slots() {
        return buffers.length;
    }

    /// {@return its buffer, or null when there is none}
    ///
    /// @param slot region number
    public RingBuffer buffer(int slot) {
        return dataAddress(slot) == 0 ? null : buffers[slot];
    }

    // An acquire: who sees the address sees the buffer too. pairs with: add
    private long dataAddress(int slot) {
        return (long) ADDRESSES.getAcquire(dataAddresses, slot);
    }

    /// Returned by the write methods when the slot has no buffer in this process yet.
    public static final int NO_BUFFER = -100;

    /// Logs one record.
    ///
    /// @param slot   region number
    /// @param source from
    /// @param offset of its first byte; offset and length have been checked
    /// @param length bytes
    /// @return `length`, one of [WriteResult], or [#NO_BUFFER]
    public int write(int slot, byte[] source, int offset, int length) {
        long data = dataAddress(slot);
        if (data == 0) {
            return NO_BUFFER;
        }
        long buffer = firstBuffer + slot * stride;
        long inFlight = InFlight.ofThread(buffer);
        long word = BufferHeader.reserveOpaque(buffer);
        // Not live: the flipped bit makes the offset larger than any sub-buffer. Closed: S+1. Entry busy: its word is.
        long end = ((word & liveMask) ^ liveBit) + length + InFlightTable.wordOpaque(inFlight);
        if (end > subBufferSize || length == 0) {
            return writeSlowly(slot, source, offset, length);
        }
        InFlightTable.announceOpaque(inFlight, word, processBits | length);
        if (!BufferHeader.reserveCompareAndSet(buffer, word, word + length)) {
            InFlightTable.clearRelease(inFlight);
            return writeSlowly(slot, source, offset, length);
        }
        InFlightTable.extentOpaque(inFlight, processBits | InFlightTable.RESERVED | length);
        long index = (word >>> indexShift) & indexMask;
        RecordCopy.copy(source, offset, data + index * subBufferSize + (word & offsetMask), length);
        InFlightTable.extentOpaque(inFlight, processBits | COMMITTING | length);
        commit(slot, SubBufferTable.entry(buffer, index), length);
        InFlightTable.clearRelease(inFlight);
        Reference.reachabilityFence(this);
        return length;
    }

    /// Logs one record.
    ///
    /// @param slot   region number
    /// @param source from
    /// @param offset of its first byte; offset and length have been checked
    /// @param length bytes
    /// @return `length`, one of [WriteResult], or [#NO_BUFFER]
    /// @throws IllegalStateException the source was closed; nothing is logged
    public int write(int slot, MemorySegment source, long offset, int length) {
        long data = dataAddress(slot);
        if (data == 0) {
            return NO_BUFFER;
        }
        long buffer = firstBuffer + slot * stride;
        long inFlight = InFlight.ofThread(buffer);
        long word = BufferHeader.reserveOpaque(buffer);
        long end = ((word & liveMask) ^ liveBit) + length + InFlightTable.wordOpaque(inFlight);
        if (end > subBufferSize || length == 0) {
            return buffers[slot].write(source, offset, length);
        }
        InFlightTable.announceOpaque(inFlight, word, processBits | length);
        if (!BufferHeader.reserveCompareAndSet(buffer, word, word + length)) {
            InFlightTable.clearRelease(inFlight);
            return buffers[slot].write(source, offset, length);
        }
        InFlightTable.extentOpaque(inFlight, processBits | InFlightTable.RESERVED | length);
        fill(slot, word, source, offset, length, inFlight);
        InFlightTable.extentOpaque(inFlight, processBits | COMMITTING | length);
        commit(slot, SubBufferTable.entry(buffer, (word >>> indexShift) & indexMask), length);
        InFlightTable.clearRelease(inFlight);
        Reference.reachabilityFence(this);
        return length;
    }

    private void fill(int slot, long word, MemorySegment source, long offset, int length, long inFlight) {
        boolean done = false;
        try {
            buffers[slot].fill(word, source, offset, length, inFlight);
            done = true;
        } finally {
            if (!done) {
                InFlightTable.clearRelease(inFlight);
            }
        }
    }

    private int writeSlowly(int slot, byte[] source, int offset, int length) {
        return buffers[slot].write(source, offset, length);
    }

    private void commit(int slot, long entry, int length) {
        long delta = liveBit + length;
        long word = SubBufferTable.commitGetAndAdd(entry, delta) + delta;
        // One test for both: nothing is outstanding (0 - 1 is the largest), or half of the record field is used.
        if (Long.compareUnsigned((word & settleMask) - 1, pileBit - 1) >= 0) {
            buffers[slot].delivery.settle(entry, word);
        }
    }
}
