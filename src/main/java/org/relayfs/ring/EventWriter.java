package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.linux.CurrentCpu;
import org.relayfs.linux.ThreadIds;
import org.relayfs.memory.RecordCopy;

/// The fast path of events over all buffers of a channel: what a [RecordWriter] does for records, with a clock between
/// the look at the reserve word and its CAS, and a header before the payload.
///
/// The clock's place is what keeps timestamps from falling within a buffer: whoever has taken space before has stored
/// the word that this CAS expects, and read his clock before that. A reservation that is given back would let the word
/// return to an earlier value, so events are never given back: they become `lost` events.
///
/// Any number of threads, platform or virtual; as for records, no system call, no lock, no allocation.
public final class EventWriter {
    private static final int NOT_YET = RecordWriter.NOT_YET;

    private final RecordWriter records;
    private final Geometry geometry;
    private final long firstRegion;
    private final int strideShift;
    private final long entries;
    private final long processBits;
    private final long subBufferSize;
    private final long offsetMask;
    private final long liveMask;
    private final long liveBit;
    private final long indexMask;
    private final int indexShift;
    private final long bufferSize;
    private final int mostPayload;
    // Set once, before any event.
    private EventCounts counts;

    EventWriter(RecordWriter records, Geometry geometry, long firstRegion, int strideShift, int processSlot) {
        this.records = records;
        this.geometry = geometry;
        this.firstRegion = firstRegion;
        this.strideShift = strideShift;
        this.entries = InFlight.firstOffset(processSlot);
        this.processBits = (long) processSlot << 32;
        this.subBufferSize = geometry.subBufferSize();
        this.offsetMask = geometry.offsetMask();
        this.liveBit = geometry.liveBit();
        this.liveMask = liveBit | offsetMask;
        this.bufferSize = geometry.bufferSize();
        this.indexMask = geometry.indexMask();
        this.indexShift = geometry.offsetBits() + 1;
        this.mostPayload = (int) EventLayout.largest(subBufferSize) - EventLayout.HEADER_SIZE;
    }

    /// Has events counted. To be called before the first.
    ///
    /// @param where they are counted
    public void countIn(EventCounts where) {
        counts = where;
    }

    /// {@return the writer of events of a buffer that holds nothing else}
    ///
    /// @param buffer of a channel of events
    public static EventWriter of(RingBuffer buffer) {
        return buffer.events;
    }

    /// {@return the buffer of a slot, or null when there is none}
    ///
    /// @param slot region number
    public RingBuffer buffer(int slot) {
        return records.buffer(slot);
    }

    /// {@return how many regions there are}
    public int slots() {
        return records.slots();
    }

    /// {@return bytes that a payload may have}
    public int mostPayload() {
        return mostPayload;
    }

    /// Logs one event whose payload is somewhere else.
    ///
    /// @param slot   region number
    /// @param thread [CurrentCpu#threadNumber] of the caller
    /// @param id     of its type
    /// @param source an array of bytes or a segment; which of the two, the JIT knows where this is inlined
    /// @param offset of the payload's first byte; offset and length have been checked
    /// @param length of the payload
    /// @return `length`, one of [WriteResult], or [RecordWriter#NO_BUFFER]
    /// @throws IllegalStateException the source was closed; the event is lost
    public int write(int slot, long thread, int id, Object source, long offset, int length) {
        return log(slot, thread, id, source, offset, length, 0, 0);
    }

    /// Logs one event whose payload is a number of 8 bytes.
    ///
    /// @param slot   region number
    /// @param thread [CurrentCpu#threadNumber] of the caller
    /// @param id     of its type
    /// @return 8, one of [WriteResult], or [RecordWriter#NO_BUFFER]
    public int log(int slot, long thread, int id, long first) {
        return log(slot, thread, id, null, 0, Long.BYTES, first, 0);
    }

    /// Logs one event whose payload is two numbers of 8 bytes.
    ///
    /// @param slot   region number
    /// @param thread [CurrentCpu#threadNumber] of the caller
    /// @param id     of its type
    /// @return 16, one of [WriteResult], or [RecordWriter#NO_BUFFER]
    public int log(int slot, long thread, int id, long first, long second) {
        return log(slot, thread, id, null, 0, 2 * Long.BYTES, first, second);
    }

    private int log(int slot, long thread, int id, Object source, long offset, int length, long first, long second) {
        int logged = logAtOnce(slot, thread, id, source, offset, length, first, second);
        return logged == NOT_YET ? logSlowly(slot, id, source, offset, length, first, second) : logged;
    }

    /// Logs one event, if it can be done at once.
    ///
    /// @see #write(int, long, int, Object, long, int)
    /// @return `length`, [RecordWriter#NO_BUFFER], or [RecordWriter#NOT_YET]: nothing is logged or counted
    public int writeAtOnce(int slot, long thread, int id, Object source, long offset, int length) {
        return logAtOnce(slot, thread, id, source, offset, length, 0, 0);
    }

    private int logAtOnce(
            int slot, long thread, int id, Object source, long offset, int length, long first, long second) {
        long data = records.dataAddress(slot);
        if (data == 0) {
            return RecordWriter.NO_BUFFER;
        }
        if (thread >= records.admitted() || length > mostPayload) {
            return NOT_YET;
        }
        int number = ThreadIds.of(thread);
        EventCounts counting = counts;
        if (counting == null || !counting.isKnown(thread, number, id)) {
            return NOT_YET;
        }
        long region = firstRegion + ((long) slot << strideShift);
        long entry = region + entries + thread * InFlightTable.STRIDE;
        long tag = EventLayout.word(id, length, number);
        int logged = logAt(slot, region, data, entry, tag, source, offset, length, first, second);
        if (logged != NOT_YET) {
            counting.countOwn(thread, id);
        }
        return logged;
    }

    private int logAt(
            int slot,
            long region,
            long data,
            long entry,
            long tag,
            Object source,
            long offset,
            int length,
            long first,
            long second) {
        int size = EventLayout.HEADER_SIZE + length;
        long word = BufferHeader.reserveOpaque(region);
        // As in RecordWriter.
        long end = ((word & liveMask) ^ liveBit) + size | InFlightTable.wordOpaque(entry);
        long place = ((word >>> indexShift) & indexMask) * subBufferSize + (word & offsetMask);
        if (Long.compareUnsigned(end, subBufferSize) > 0 || place > bufferSize - size) {
            return NOT_YET;
        }
        long time = System.nanoTime();
        long total = InFlightTable.totalOpaque(entry);
        long count = InFlightTable.recordsOpaque(entry);
        InFlightTable.setTimeOpaque(entry, time);
        InFlightTable.announce(entry, word, processBits | size | Extent.bits(total, count));
        if (!BufferHeader.reserveCompareAndSet(region, word, word + size)) {
            records.withdraw(slot, region, entry, word);
            return NOT_YET;
        }
        InFlightTable.setTotalOpaque(entry, InFlightTable.moved(total, size));
        long target = data + place;
        RecordCopy.putLong(target, time);
        RecordCopy.putLong(target + EventLayout.WORD_OFFSET, tag);
        put(slot, word, entry, target, source, offset, length, first, second);
        InFlightTable.setRecordsRelease(entry, count + 1);
        records.withdraw(slot, region, entry, word);
        Reference.reachabilityFence(this);
        return length;
    }

    private void put(
            int slot,
            long word,
            long entry,
            long event,
            Object source,
            long offset,
            int length,
            long first,
            long second) {
        long target = event + EventLayout.HEADER_SIZE;
        if (source == null) {
            RecordCopy.putLong(target, first);
            if (length > Long.BYTES) {
                RecordCopy.putLong(target + Long.BYTES, second);
            }
        } else if (source instanceof byte[] array) {
            RecordCopy.copy(array, (int) offset, target, length);
        } else {
            copy(slot, word, entry, (MemorySegment) source, offset, target, length);
        }
    }

    // See RecordWriter.copy.
    private void copy(int slot, long word, long entry, MemorySegment source, long offset, long target, int length) {
        try {
            RecordCopy.copy(source, offset, target, length);
        } catch (RuntimeException | Error e) {
            buffer(slot).giveBack(word, EventLayout.HEADER_SIZE + length, entry, e);
            throw e;
        }
    }

    private int logSlowly(int slot, int id, Object source, long offset, int length, long first, long second) {
        RingBuffer buffer = buffer(slot);
        try {
            int logged = logAndSwitch(slot, buffer, buffer.switcher, id, source, offset, length, first, second);
            return logged == Handover.MOVED ? logNext(buffer, id, source, offset, length, first, second) : logged;
        } catch (InternalError fault) {
            return buffer.files.answer(fault);
        }
    }

    private static int logNext(
            RingBuffer buffer, int id, Object source, long offset, int length, long first, long second) {
        RingBuffer next = buffer.successor();
        return next == null
                ? WriteResult.CLOSED
                : next.events.log(
                        0, CurrentCpu.threadNumber(CurrentCpu.here()), id, source, offset, length, first, second);
    }

    /// Logs one event for a writer that waits for room, see [RingBuffer#writeIfRoom].
    ///
    /// @param slot   region number
    /// @param id     of its type
    /// @param source of the payload, an array of bytes or a segment
    /// @param offset of its first byte; offset and length have been checked
    /// @param length of the payload
    /// @return `length`, or one of [WriteResult]
    int writeIfRoom(int slot, int id, Object source, long offset, int length) {
        RingBuffer buffer = buffer(slot);
        return logAndSwitch(slot, buffer, buffer.patient, id, source, offset, length, 0, 0);
    }

    private int logAndSwitch(
            int slot,
            RingBuffer buffer,
            SubBufferSwitch switcher,
            int id,
            Object source,
            long offset,
            int length,
            long first,
            long second) {
        // A longer one would wrap around.
        int size = Math.min(length, Integer.MAX_VALUE - EventLayout.HEADER_SIZE) + EventLayout.HEADER_SIZE;
        if (counts != null) {
            counts.meetOnce(CurrentCpu.threadNumber(CurrentCpu.here()), id);
        }
        long entry = buffer.announcing();
        records.admit(buffer);
        long word = buffer.reserve(switcher, size, entry);
        if (word < 0) {
            return (int) word;
        }
        long event = buffer.ring.address(geometry.index(word), geometry.offset(word));
        putHeader(event, entry, id, length);
        put(slot, word, entry, event, source, offset, length, first, second);
        InFlightTable.setRecordsRelease(entry, InFlightTable.recordsOpaque(entry) + 1);
        countOne(entry, buffer, id);
        buffer.delivery.leave(entry);
        Reference.reachabilityFence(this);
        return length;
    }

    /// Counts an event that is whole, before its entry is somebody else's.
    void countOne(long entry, RingBuffer buffer, int id) {
        if (counts != null) {
            counts.count((int) ((entry - InFlightTable.entry(buffer.ring.region, 0)) / InFlightTable.STRIDE), id);
        }
    }

    /// Stores the header of an event that has been reserved.
    ///
    /// @param entry in which it is announced
    static void putHeader(long event, long entry, int id, int length) {
        RecordCopy.putLong(event, InFlightTable.timeOpaque(entry));
        RecordCopy.putLong(event + EventLayout.WORD_OFFSET, EventLayout.word(id, length, ThreadIds.current()));
    }
}
