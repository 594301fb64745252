package org.relayfs.ring;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Relay's rules as a plain list of sub-buffers, for one operation after another; nothing of it looks at memory.
/// Written from the description of the kernel's behaviour with our deviations: all empty sub-buffers are passed over,
/// and while reservations are open, their sub-buffers are neither delivered nor used again.
final class BufferModel {
    static final int FULL = -1;
    static final int TOO_BIG = -2;
    static final int STRAGGLER = -3;
    static final int DISABLED = -4;
    private static final int MAX_HOLES = 8;

    /// What a client decides.
    interface Client {
        boolean accepts(boolean full, int attempt);
    }

    /// One sub-buffer in one lap.
    private static final class Slot {
        final byte[] bytes;
        final BitSet holes = new BitSet();
        final List<Space> reserved = new ArrayList<>();
        int payload;
        int passed;
        int holeCount;
        boolean skipped;

        Slot(int size) {
            bytes = new byte[size];
        }
    }

    /// A reservation.
    static final class Space {
        private final Slot slot;
        private final int index;
        private final int offset;
        final int length;

        Space(Slot slot, int index, int offset, int length) {
            this.slot = slot;
            this.index = index;
            this.offset = offset;
            this.length = length;
        }
    }

    private final int size;
    private final int count;
    private final boolean overwrite;
    private final int header;
    private final boolean paddingHeader;
    private final Client client;

    // All sub-buffers since the last reset; the last one may be open.
    private final List<Slot> slots = new ArrayList<>();
    private boolean open;
    private boolean live = true;
    // By slot number: reservations that have not been committed, and relay's padding table.
    private final int[] owed;
    private final int[] padding;
    private int attempts;
    // Why the last reservation failed.
    private int refusal;

    private int delivered;
    private long reserved;
    private int lappedCount;
    private long overwritten;
    int consumed;
    int readOffset;
    long fileSize;
    long full;
    long big;
    long straggler;
    long lostBytes;
    long records;
    long skipped;
    long abandoned;
    long abandonedBytes;
    long bytesRead;
    /// Something relay does not define: the offset of a partly read sub-buffer was carried into the next one.
    boolean carried;

    BufferModel(int size, int count, boolean overwrite, int header, boolean paddingHeader, Client client) {
        this.size = size;
        this.count = count;
        this.overwrite = overwrite;
        this.header = header;
        this.paddingHeader = paddingHeader;
        this.client = client;
        this.owed = new int[count];
        this.padding = new int[count];
        begin();
    }

    private void begin() {
        if (client != null) {
            client.accepts(false, attempts++);
        }
        while (owed[slots.size() % count] > 0) {
            if (!othersMayBeFree()) {
                straggler += client != null ? 1 : 0;
                return;
            }
            skip();
        }
        openNext();
    }

    private Slot current() {
        return slots.getLast();
    }

    private int closedCount() {
        return open ? slots.size() - 1 : slots.size();
    }

    private void close() {
        Slot slot = current();
        padding[(slots.size() - 1) % count] = size - slot.payload;
        fileSize += slot.payload;
        if (paddingHeader) {
            writePadding(slot, size - slot.payload);
        }
        open = false;
        deliver();
    }

    private void writePadding(Slot slot, long value) {
        for (int i = 0; i < header; i++) {
            slot.bytes[i] = (byte) (value >>> 8 * i);
        }
    }

    private void openNext() {
        int index = slots.size() % count;
        Slot slot = new Slot(size);
        if (client != null) {
            Arrays.fill(slot.bytes, 0, header, (byte) '.');
        }
        slot.payload = header;
        reserved += header;
        slots.add(slot);
        padding[index] = 0;
        open = true;
    }

    private void skip() {
        Slot slot = new Slot(0);
        slot.skipped = true;
        padding[slots.size() % count] = size;
        slots.add(slot);
        skipped++;
        deliver();
    }

    // Another sub-buffer than the next one owes nothing.
    private boolean othersMayBeFree() {
        int next = slots.size() % count;
        int last = (slots.size() + count - 1) % count;
        for (int index = 0; index < count; index++) {
            if (index != next && (owed[index] == 0 || open && index == last)) {
                return true;
            }
        }
        return false;
    }

    private void deliver() {
        while (delivered < closedCount() && isComplete(delivered)) {
            delivered++;
        }
    }

    private boolean isComplete(int position) {
        return slots.get(position).skipped || owed[position % count] == 0 || slots.size() - 1 - position >= count;
    }

    private int refuse(int result, long length) {
        lostBytes += length;
        switch (result) {
            case FULL -> full++;
            case TOO_BIG -> big++;
            case STRAGGLER -> straggler++;
            default -> throw new AssertionError();
        }
        return result;
    }

    Space reserve(int length) {
        if (!live) {
            refusal = DISABLED;
            return null;
        }
        if (length > size) {
            refusal = refuse(TOO_BIG, length);
            return null;
        }
        if (open && current().payload + length <= size) {
            return take(length);
        }
        return change(length);
    }

    int refusal() {
        return refusal;
    }

    private Space take(int length) {
        Slot slot = current();
        int index = (slots.size() - 1) % count;
        Space space = new Space(slot, index, slot.payload, length);
        slot.payload += length;
        reserved += length;
        if (length > 0) {
            owed[index]++;
            slot.reserved.add(space);
        }
        return space;
    }

    /// `relay_switch_subbuf`.
    private Space change(int length) {
        boolean isFull = slots.size() - consumed >= count;
        if (client != null) {
            if (open) {
                close();
            }
            boolean accepted = client.accepts(isFull, attempts++);
            full += isFull ? 1 : 0;
            if (!accepted) {
                lostBytes += length;
                refusal = FULL;
                return null;
            }
        }
        while (true) {
            isFull = slots.size() - consumed >= count;
            if (client == null && isFull && !overwrite) {
                if (open) {
                    close();
                }
                refusal = refuse(FULL, length);
                return null;
            }
            if (count == 1 && open) {
                close();
            }
            if (owed[slots.size() % count] == 0) {
                break;
            }
            if (!othersMayBeFree()) {
                refusal = refuse(STRAGGLER, length);
                return null;
            }
            if (open) {
                close();
            } else {
                skip();
            }
        }
        if (open) {
            close();
        }
        full += client == null && isFull ? 1 : 0;
        openNext();
        if (header + length > size) {
            refusal = refuse(TOO_BIG, length);
            return null;
        }
        return take(length);
    }

    void commit(Space space, byte[] record) {
        commit(space, record, false);
    }

    void commit(Space space, byte[] record, boolean fromBeforeReset) {
        if (space.length == 0) {
            return;
        }
        System.arraycopy(record, 0, space.slot.bytes, space.offset, space.length);
        leave(space);
        records += fromBeforeReset ? 0 : 1;
        deliver();
    }

    void abort(Space space, boolean fromBeforeReset) {
        if (space.length == 0) {
            return;
        }
        leave(space);
        boolean last = open && space.slot == current() && space.slot.payload == space.offset + space.length && live;
        if (last) {
            space.slot.payload -= space.length;
            reserved -= space.length;
            return;
        }
        Arrays.fill(space.slot.bytes, space.offset, space.offset + space.length, (byte) 0);
        if (space.slot.holeCount++ < MAX_HOLES) {
            space.slot.holes.set(space.offset, space.offset + space.length);
        }
        if (!fromBeforeReset) {
            abandoned++;
            abandonedBytes += space.length;
        }
        deliver();
    }

    private void leave(Space space) {
        owed[space.index]--;
        space.slot.reserved.remove(space);
    }

    /// Writes a record; returns its length or the refusal.
    int write(byte[] record) {
        Space space = reserve(record.length);
        if (space == null) {
            return refusal;
        }
        commit(space, record);
        return record.length;
    }

    void flush() {
        change(0);
    }

    void setLive(boolean value) {
        if (live != value) {
            live = value;
            if (!value) {
                flush();
            }
        }
    }

    void reset() {
        slots.clear();
        open = false;
        Arrays.fill(padding, 0);
        delivered = 0;
        consumed = 0;
        readOffset = 0;
        full = 0;
        big = 0;
        straggler = 0;
        lostBytes = 0;
        records = 0;
        skipped = 0;
        abandoned = 0;
        abandonedBytes = 0;
        bytesRead = 0;
        carried = false;
        reserved = 0;
        lappedCount = 0;
        overwritten = 0;
        begin();
    }

    void subBuffersConsumed(int number) {
        if (number < 0 || number > count) {
            return;
        }
        int end = Math.min(consumed + number, Math.max(consumed, delivered));
        carried |= end > consumed && readOffset > 0;
        for (; consumed < end; consumed++) {
            if (!lapped(consumed)) {
                Slot slot = slots.get(consumed);
                bytesRead += slot.payload - slot.holes.get(0, slot.payload).cardinality();
                slot.passed = slot.payload;
            }
        }
    }

    private boolean lapped(int position) {
        return slots.size() - 1 - position >= count;
    }

    byte[] read(int length) {
        if (length <= 0) {
            return new byte[0];
        }
        int limit = readOffset > 0 ? consumed + 1 : Integer.MAX_VALUE;
        int oldest = slots.size() - count;
        if (consumed < oldest) {
            consumed = oldest;
            readOffset = 0;
            limit = oldest;
        }
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        while (taken.size() < length && readOne(taken, length)) {
            // The next one.
        }
        if (taken.size() == 0 && consumed > limit) {
            // Nothing was found: what lies beyond has not been passed.
            consumed = limit;
            readOffset = 0;
            slots.subList(limit, slots.size()).forEach(slot -> slot.passed = 0);
        }
        bytesRead += taken.size();
        return taken.toByteArray();
    }

    // False when there is nothing behind it.
    private boolean readOne(ByteArrayOutputStream taken, int length) {
        boolean closed = consumed < delivered;
        if (!closed && readableOpenBytes() <= readOffset) {
            return false;
        }
        Slot slot = slots.get(consumed);
        int limit = closed ? slot.payload : readableOpenBytes();
        while (readOffset < limit && taken.size() < length) {
            if (!slot.holes.get(readOffset)) {
                taken.write(slot.bytes[readOffset]);
            }
            readOffset++;
        }
        slot.passed = Math.max(slot.passed, Math.min(readOffset, slot.payload));
        if (closed && readOffset >= slot.payload) {
            consumed++;
            readOffset = 0;
        }
        return closed;
    }

    private int readableOpenBytes() {
        int last = slots.size() - 1;
        return open && consumed == last ? settled(current()) : -1;
    }

    // Up to the first reservation that somebody has not finished.
    private static int settled(Slot slot) {
        return slot.reserved.stream().mapToInt(space -> space.offset).min().orElse(slot.payload);
    }

    int produced() {
        return delivered;
    }

    boolean isReadable() {
        return delivered > consumed;
    }

    boolean isFull() {
        return closedCount() - consumed >= count;
    }

    long padding(int slot) {
        return padding[slot];
    }

    /// Payload bytes accepted, those of open reservations included.
    long bytesWritten() {
        return reserved - abandonedBytes;
    }

    /// Payload bytes that a later lap has overwritten before anybody had them.
    long overwritten() {
        for (; lapped(lappedCount); lappedCount++) {
            overwritten += slots.get(lappedCount).payload - slots.get(lappedCount).passed;
        }
        return overwritten;
    }

    /// Payload bytes in delivered sub-buffers that nobody has had.
    long ready() {
        int first = Math.max(consumed, slots.size() - count);
        long sum = first == consumed && first < delivered ? -readOffset : 0;
        for (int position = first; position < delivered; position++) {
            sum += slots.get(position).payload;
        }
        return Math.max(0, sum);
    }

    boolean hasData() {
        int position = Math.max(consumed, slots.size() - count);
        int from = position == consumed ? readOffset : 0;
        for (; position < delivered; position++, from = 0) {
            Slot slot = slots.get(position);
            if (slot.holes.nextClearBit(from) < slot.payload) {
                return true;
            }
        }
        return open && position == slots.size() - 1 && current().holes.nextClearBit(from) < settled(current());
    }
}
