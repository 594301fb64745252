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
    private final long firstRegion;
    private final long stride;
    // What an entry says beside the length, in each state: precomputed, as one load each instead of two steps.
    private final long plannedBits;
    private final long reservedBits;
    private final long committingBits;
    private final long subBufferSize;
    private final long offsetMask;
    private final long settleMask;
    private final long settleLimit;
    private final long liveMask;
    private final long liveBit;
    private final long indexMask;
    private final int indexShift;
    private final long bufferSize;

    /// Addresses the regions; buffers are added later.
    ///
    /// @param geometry    of all buffers
    /// @param firstRegion address of the first buffer's region
    /// @param stride      bytes from one region to the next
    /// @param slots       how many regions there are
    /// @param processSlot of this process in the channel header
    public RecordWriter(Geometry geometry, long firstRegion, long stride, int slots, int processSlot) {
        this.buffers = new RingBuffer[slots];
        this.dataAddresses = new long[slots];
        this.firstRegion = firstRegion;
        this.stride = stride;
        this.plannedBits = (long) processSlot << 32;
        this.reservedBits = plannedBits | InFlightTable.RESERVED;
        this.committingBits = plannedBits | COMMITTING;
        this.subBufferSize = geometry.subBufferSize();
        this.offsetMask = geometry.offsetMask();
        this.settleMask = geometry.pileBit() | offsetMask;
        this.settleLimit = geometry.pileBit() - 1;
        this.liveBit = geometry.liveBit();
        this.liveMask = liveBit | offsetMask;
        this.bufferSize = geometry.bufferSize();
        this.indexMask = geometry.indexMask();
        this.indexShift = geometry.offsetBits() + 1;
    }

    /// {@return a writer over one buffer, in slot 0}
    static RecordWriter over(RingBuffer buffer) {
        Ring ring = buffer.ring;
        RecordWriter writer =
                new RecordWriter(ring.geometry, ring.region, 0, 1, InFlightTable.process(ring.processBits));
        writer.add(0, buffer);
        return writer;
    }

    /// Lets writers use a buffer. To be called under the channel's lock, once a slot.
    ///
    /// @param slot   region number
    /// @param buffer the buffer
    // pairs with: RecordWriter.dataAddress
    public void add(int slot, RingBuffer buffer) {
        buffers[slot] = buffer;
        ADDRESSES.setRelease(dataAddresses, slot, buffer.ring.dataAddress);
    }

    /// Takes all buffers away: what is written from now on finds [#NO_BUFFER].
    // pairs with: RecordWriter.dataAddress
    public void removeAll() {
        for (int slot = 0; slot < dataAddresses.length; slot++) {
            ADDRESSES.setRelease(dataAddresses, slot, 0L);
        }
    }

    /// {@return how many regions there are}
    public int slots() {
        return dataAddresses.length; // of the array that a write looks into next: the JIT checks the slot once
    }

    /// {@return its buffer, or null when there is none}
    ///
    /// @param slot region number
    public RingBuffer buffer(int slot) {
        return dataAddress(slot) == 0 ? null : buffers[slot];
    }

    // Who sees the address sees the buffer, too.
    // pairs with: RecordWriter.add, RecordWriter.removeAll
    private long dataAddress(int slot) {
        return (long) ADDRESSES.getAcquire(dataAddresses, slot);
    }

    /// Returned by the write methods when the slot has no buffer in this process yet.
    public static final int NO_BUFFER = -100;

    /// Logs one record: reserve, copy, commit.
    ///
    /// Few methods lie between this one and the copy on purpose: C2 stops to inline at a depth of 15, and the copy
    /// itself takes nine.
    ///
    /// @param slot   region number
    /// @param source an array of bytes or a segment; which of the two, the JIT knows where this is inlined
    /// @param offset of its first byte; offset and length have been checked
    /// @param length bytes
    /// @return `length`, one of [WriteResult], or [#NO_BUFFER]
    /// @throws IllegalStateException the source was closed; nothing is logged
    public int write(int slot, Object source, long offset, int length) {
        long data = dataAddress(slot);
        if (data == 0) {
            return NO_BUFFER;
        }
        long region = firstRegion + slot * stride;
        long entry = InFlight.ofThread(region);
        long word = BufferHeader.reserveOpaque(region);
        // Not live: the flipped bit makes the offset larger than any sub-buffer. Closed: S+1. Entry busy: its word is.
        long end = ((word & liveMask) ^ liveBit) + length | InFlightTable.wordOpaque(entry);
        long index = (word >>> indexShift) & indexMask;
        // An index beyond the last sub-buffer is a place beyond the buffer. The place is all that is needed of the word
        // after the CAS, so it is compared, and not the index: both would not fit into the registers.
        long place = index * subBufferSize + (word & offsetMask);
        if (Long.compareUnsigned(end, subBufferSize) > 0 || length == 0 || place > bufferSize - length) {
            return writeSlowly(slot, source, offset, length);
        }
        InFlightTable.announceOpaque(entry, word, plannedBits | length);
        if (!BufferHeader.reserveCompareAndSet(region, word, word + length)) {
            InFlightTable.clearRelease(entry);
            return writeSlowly(slot, source, offset, length);
        }
        InFlightTable.extentOpaque(entry, reservedBits | length);
        long target = data + place;
        if (source instanceof byte[] array) {
            RecordCopy.copy(array, (int) offset, target, length);
        } else {
            copy(slot, word, entry, (MemorySegment) source, offset, target, length);
        }
        commit(slot, entry, SubBufferTable.entry(region, index), committingBits | length, length);
        // The thread's own: only the slow path claims one. Asking costs 2 ns.
        InFlightTable.clearRelease(entry);
        Reference.reachabilityFence(this);
        return length;
    }

    private int writeSlowly(int slot, Object source, long offset, int length) {
        RingBuffer buffer = buffers[slot];
        try {
            return writeAndSwitch(slot, buffer, source, offset, length);
        } catch (InternalError fault) {
            return buffer.files.answer(fault);
        }
    }

    private int writeAndSwitch(int slot, RingBuffer buffer, Object source, long offset, int length) {
        long entry = buffer.announcing();
        long place = buffer.reserve(length, entry);
        if (place < 0 || length == 0) {
            return place < 0 ? (int) place : 0;
        }
        long index = (place >>> indexShift) & indexMask;
        long target = buffer.ring.dataAddress + index * subBufferSize + (place & offsetMask);
        if (source instanceof byte[] array) {
            RecordCopy.copy(array, (int) offset, target, length);
        } else {
            copy(slot, place, entry, (MemorySegment) source, offset, target, length);
        }
        long extent = InFlightTable.extentVolatile(entry) | COMMITTING;
        commit(slot, entry, buffer.ring.entry((int) index), extent, length);
        InFlight.leave(buffer.ring.region, entry);
        Reference.reachabilityFence(this);
        return length;
    }

    /// A segment may have been closed, be another thread's, or a file that has become shorter (an error, not an
    /// exception).
    private void copy(int slot, long place, long entry, MemorySegment source, long offset, long target, int length) {
        try {
            RecordCopy.copy(source, offset, target, length);
        } catch (RuntimeException | Error e) {
            buffers[slot].giveBack(place, length, entry, e);
            throw e;
        }
    }

    private void commit(int slot, long entry, long subBuffer, long extent, int length) {
        InFlightTable.extentOpaque(entry, extent);
        long delta = liveBit + length;
        long word = SubBufferTable.commitGetAndAdd(subBuffer, delta) + delta;
        // One test for both: nothing is outstanding (0 - 1 is the largest), or half of the record field is used.
        if (Long.compareUnsigned((word & settleMask) - 1, settleLimit) >= 0) {
            buffers[slot].delivery.settle(subBuffer, word);
        }
    }
}
