package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.linux.BarrierCalls;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.memory.RecordCopy;

/// The fast path of writers over all buffers of a channel: one look at the reserve word, one CAS, the copy. The CAS is
/// its only locked instruction: the thread's own entry of the in-flight table says what it is about, and the store that
/// frees the entry is what publishes the record.
///
/// The order, and who relies on it:
/// 1. WORD and EXTENT of the entry, then the CAS of the reserve word: who closes the sub-buffer sees the announcement.
/// 2. The CAS, then TOTAL: the reservation is booked, see [InFlightTable].
/// 3. The bytes, then RECORDS, then WORD = 0: who finds the entry free finds the record whole.
/// 4. WORD = 0, then the look at ATTENTION, without a fence between: see [Delivery].
///
/// Any number of threads, platform or virtual. Wait-free except for the CAS, which is tried once here and in a
/// lock-free loop on the slow path. It makes no system call, takes no lock and allocates nothing. Buffers are
/// addressed by arithmetic (one region per CPU at a constant stride), because each object on the way costs
/// dependent loads before the CAS, and a locked instruction makes all of them wait.
///
/// A record may go into another CPU's buffer: a thread that migrates between the look-up of its CPU and the
/// reservation merely meets some contention.
public final class RecordWriter {
    private static final VarHandle ADDRESSES = MethodHandles.arrayElementVarHandle(long[].class);

    // Read when the class is loaded, which registers this process before its first announcement: every buffer has a
    // writer. Without the call each record fences for itself.
    private static final boolean FENCES_ITSELF = !BarrierCalls.AVAILABLE;

    /// No result of a write: it has to go the slow way.
    public static final int NOT_YET = -101;

    private final RingBuffer[] buffers;
    // Address of each buffer's data; 0 while the buffer does not exist in this process.
    private final long[] dataAddresses;
    private final long firstRegion;
    private final int strideShift;
    // Where the entries of this process's threads are in a region.
    private final long entries;
    private final int ownEntries;
    // So many of them may be used. Any thread raises it, after the number in shared memory.
    private long admitted;
    private final long processBits;
    private final long subBufferSize;
    private final long offsetMask;
    private final long liveMask;
    private final long liveBit;
    private final long indexMask;
    private final int indexShift;
    private final long bufferSize;
    private final EventWriter events;

    /// Addresses the regions; buffers are added later.
    ///
    /// @param geometry    of all buffers
    /// @param firstRegion address of the first buffer's region
    /// @param stride      bytes from one region to the next, a power of two
    /// @param slots       how many regions there are
    /// @param processSlot of this process in the channel header
    public RecordWriter(Geometry geometry, long firstRegion, long stride, int slots, int processSlot) {
        this.buffers = new RingBuffer[slots];
        this.dataAddresses = new long[slots];
        this.firstRegion = firstRegion;
        this.strideShift = Long.numberOfTrailingZeros(stride);
        this.entries = InFlight.firstOffset(processSlot);
        this.ownEntries = InFlightTable.countOf(processSlot);
        this.processBits = (long) processSlot << 32;
        this.subBufferSize = geometry.subBufferSize();
        this.offsetMask = geometry.offsetMask();
        this.liveBit = geometry.liveBit();
        this.liveMask = liveBit | offsetMask;
        this.bufferSize = geometry.bufferSize();
        this.indexMask = geometry.indexMask();
        this.indexShift = geometry.offsetBits() + 1;
        this.events =
                geometry.hasEvents() ? new EventWriter(this, geometry, firstRegion, strideShift, processSlot) : null;
    }

    /// {@return a writer over one buffer, in slot 0}
    static RecordWriter over(RingBuffer buffer) {
        Ring ring = buffer.ring;
        RecordWriter writer = new RecordWriter(ring.geometry, ring.region, 0, 1, Extent.process(ring.processBits));
        writer.add(0, buffer);
        return writer;
    }

    /// {@return a writer of events over the same buffers; null when they hold records}
    public EventWriter events() {
        return events;
    }

    long admitted() {
        return admitted;
    }

    /// Looks again how many entries may be used.
    void admit(RingBuffer buffer) {
        admitted = Math.max(admitted, buffer.ring.inFlight.admitted());
    }

    /// Lets writers use a buffer. To be called under the channel's lock, once a slot.
    ///
    /// @param slot   region number
    /// @param buffer the buffer
    // pairs with: RecordWriter.dataAddress
    public void add(int slot, RingBuffer buffer) {
        buffers[slot] = buffer;
        admitted = Math.max(admitted, buffer.ring.inFlight.admitted());
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
    long dataAddress(int slot) {
        return (long) ADDRESSES.getAcquire(dataAddresses, slot);
    }

    /// Returned by the write methods when the slot has no buffer in this process yet.
    public static final int NO_BUFFER = -100;

    /// Logs one record, for a caller that does not know its thread's number.
    ///
    /// @see #write(int, long, Object, long, int)
    int write(int slot, Object source, long offset, int length) {
        return write(slot, CurrentCpu.threadNumber(CurrentCpu.here()), source, offset, length);
    }

    /// Logs one record: reserve, copy, publish.
    ///
    /// Few methods lie between this one and the copy on purpose: C2 stops to inline at a depth of 15, and the copy
    /// itself takes nine.
    ///
    /// @param slot   region number
    /// @param thread [CurrentCpu#threadNumber] of the caller
    /// @param source an array of bytes or a segment; which of the two, the JIT knows where this is inlined
    /// @param offset of its first byte; offset and length have been checked
    /// @param length bytes
    /// @return `length`, one of [WriteResult], or [#NO_BUFFER]
    /// @throws IllegalStateException the source was closed; nothing is logged
    public int write(int slot, long thread, Object source, long offset, int length) {
        long data = dataAddress(slot);
        if (data == 0) {
            return NO_BUFFER;
        }
        long region = firstRegion + ((long) slot << strideShift);
        if (thread >= admitted) {
            return thread < ownEntries
                    ? writeSlowly(slot, source, offset, length)
                    : writeClaiming(slot, region, data, source, offset, length);
        }
        long entry = region + entries + thread * InFlightTable.STRIDE;
        int written = writeAt(slot, region, data, entry, source, offset, length);
        return written == NOT_YET ? writeSlowly(slot, source, offset, length) : written;
    }

    /// The same, if it can be done at once.
    ///
    /// @see #write(int, long, Object, long, int)
    /// @return `length`, or [#NOT_YET]: nothing is logged or counted
    public int writeAtOnce(int slot, long thread, Object source, long offset, int length) {
        long data = dataAddress(slot);
        if (data == 0 || thread >= admitted) {
            return NOT_YET;
        }
        long region = firstRegion + ((long) slot << strideShift);
        long entry = region + entries + thread * InFlightTable.STRIDE;
        return writeAt(slot, region, data, entry, source, offset, length);
    }

    /// The same for a thread that has no entry of its own, a virtual one for example: one locked instruction more.
    private int writeClaiming(int slot, long region, long data, Object source, long offset, int length) {
        long entry = buffers[slot].ring.inFlight.claim();
        if (entry == InFlight.NONE) {
            return writeSlowly(slot, source, offset, length);
        }
        // If it throws, the entry has been given back.
        int written = writeAt(slot, region, data, entry, source, offset, length);
        InFlightTable.release(entry);
        return written == NOT_YET ? writeSlowly(slot, source, offset, length) : written;
    }

    private int writeAt(int slot, long region, long data, long entry, Object source, long offset, int length) {
        long word = BufferHeader.reserveOpaque(region);
        // Not live: the flipped bit makes the offset larger than any sub-buffer. Closed: S+1. Entry busy: its word is.
        long end = ((word & liveMask) ^ liveBit) + length | InFlightTable.wordOpaque(entry);
        long index = (word >>> indexShift) & indexMask;
        // An index beyond the last sub-buffer is a place beyond the buffer.
        long place = index * subBufferSize + (word & offsetMask);
        if (Long.compareUnsigned(end, subBufferSize) > 0 || length == 0 || place > bufferSize - length) {
            return NOT_YET;
        }
        long total = InFlightTable.totalOpaque(entry);
        long records = InFlightTable.recordsOpaque(entry);
        if (!reserve(region, entry, word, length, Extent.bits(total, records))) {
            withdraw(slot, region, entry, word);
            return NOT_YET;
        }
        InFlightTable.setTotalOpaque(entry, InFlightTable.moved(total, length));
        long target = data + place;
        if (source instanceof byte[] array) {
            RecordCopy.copy(array, (int) offset, target, length);
        } else {
            copy(slot, word, entry, (MemorySegment) source, offset, target, length);
        }
        publish(slot, region, entry, word, records + 1);
        Reference.reachabilityFence(this);
        return length;
    }

    private boolean reserve(long region, long entry, long word, int length, long bits) {
        InFlightTable.announce(entry, word, processBits | length | bits);
        return BufferHeader.reserveCompareAndSet(region, word, word + length);
    }

    private void publish(int slot, long region, long entry, long word, long records) {
        InFlightTable.setRecordsRelease(entry, records);
        withdraw(slot, region, entry, word);
    }

    void withdraw(int slot, long region, long entry, long word) {
        InFlightTable.setWordRelease(entry, 0);
        if (word < BufferHeader.attentionOpaque(region) || FENCES_ITSELF) {
            buffers[slot].delivery.attend(word);
        }
    }

    private int writeSlowly(int slot, Object source, long offset, int length) {
        RingBuffer buffer = buffers[slot];
        try {
            int written = writeAndSwitch(slot, buffer, buffer.switcher, source, offset, length);
            return written == Handover.MOVED ? buffer.writeNext(source, offset, length) : written;
        } catch (InternalError fault) {
            return buffer.files.answer(fault);
        }
    }

    /// Logs one record for a writer that waits for room, see [RingBuffer#writeIfRoom].
    ///
    /// @param slot   region number, of a buffer without a client
    /// @param source an array of bytes or a segment
    /// @param offset of its first byte; offset and length have been checked
    /// @param length bytes
    /// @return `length`, or one of [WriteResult]
    int writeIfRoom(int slot, Object source, long offset, int length) {
        return writeAndSwitch(slot, buffers[slot], buffers[slot].patient, source, offset, length);
    }

    private int writeAndSwitch(
            int slot, RingBuffer buffer, SubBufferSwitch switcher, Object source, long offset, int length) {
        long entry = buffer.announcing();
        admit(buffer);
        long place = buffer.reserve(switcher, length, entry);
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
        InFlightTable.setRecordsRelease(entry, InFlightTable.recordsOpaque(entry) + 1);
        buffer.delivery.leave(entry);
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
}
