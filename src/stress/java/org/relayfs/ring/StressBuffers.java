package org.relayfs.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Arrays;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.LivenessLocks;
import org.relayfs.memory.MappedFile;
import org.relayfs.memory.SharedFolder;

/// Small buffers by the million: the memory of one is used again when nobody can reach it any more.
final class StressBuffers {
    private static final int POOL = 1 << 11;
    private static final int MAX_SIZE = 256;
    private static final int MAX_COUNT = 8;
    private static final long REGION = BufferHeader.SUB_BUFFERS_OFFSET + MAX_COUNT * SubBufferTable.STRIDE + 64L;

    private static final MappedFile META;
    private static final MappedFile DATA;
    private static final ProcessTable PROCESSES;
    private static final WeakReference<?>[] USERS = new WeakReference<?>[POOL];
    private static int next;

    static {
        try {
            Path folder = SharedFolder.create();
            META = MappedFile.create(folder.resolve("meta"), ChannelHeader.SIZE + POOL * REGION, 0);
            PROCESSES = ProcessTable.create(META, LivenessLocks.create(folder), 1);
            DATA = MappedFile.create(folder.resolve("data"), (long) POOL * MAX_SIZE, 0);
            SharedFolder.remove(folder);
            SharedFolder.removeHomeIfEmpty(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChannelHeader.setWordPlain(META.address(), ChannelHeader.ABANDON_AFTER_OFFSET, Long.MAX_VALUE);
    }

    private StressBuffers() {}

    private static int freeSlot() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < POOL; i++) {
                next = (next + 1) % POOL;
                if (USERS[next] == null || USERS[next].refersTo(null)) {
                    return next;
                }
            }
            System.gc();
        }
        throw new IllegalStateException("buffers: all in use: " + POOL + "; use a smaller -strideCount");
    }

    // No more than has ever been used, or most of the time would go into it.
    private static void clear(MemorySegment region) {
        Announced used = new Announced(new Geometry(8, 2, 0), 0, META.address());
        region.asSlice(0, BufferHeader.IN_FLIGHT_OFFSET).fill((byte) 0);
        clear(region, 0, used.claimedUsed());
        clear(region, InFlightTable.CLAIMED_ENTRIES, used.endOfThreads());
        region.asSlice(BufferHeader.SUB_BUFFERS_OFFSET).fill((byte) 0);
    }

    private static void clear(MemorySegment region, long from, long to) {
        region.asSlice(InFlightTable.entry(0, (int) from), (to - from) * InFlightTable.STRIDE)
                .fill((byte) 0);
    }

    static RingBuffer create(long size, int count, int header, boolean overwrite) {
        return create(size, count, header, overwrite, null);
    }

    static synchronized RingBuffer create(long size, int count, int header, boolean overwrite, SwitchPolicy policy) {
        int slot = freeSlot();
        Geometry geometry = new Geometry(size, count, header);
        long offset = ChannelHeader.SIZE + slot * REGION;
        clear(META.memory().asSlice(offset, REGION));
        MemorySegment data = DATA.memory().asSlice((long) slot * MAX_SIZE, MAX_SIZE);
        data.fill((byte) 0);
        RingBuffer.initialize(geometry, META.address() + offset, 0);
        RingBuffer buffer = new RingBuffer(
                new Ring(geometry, overwrite || policy != null, META, offset, data, PROCESSES), policy, DATA.path());
        USERS[slot] = new WeakReference<>(buffer);
        buffer.begin(true);
        return buffer;
    }

    /// Logs one record of 8 equal bytes by the fast path.
    static int write(RecordWriter writer, int value) {
        return write(writer, value, 8);
    }

    /// Logs one record of `length` equal bytes.
    static int write(RecordWriter writer, int value, int length) {
        byte[] record = new byte[length];
        Arrays.fill(record, (byte) value);
        return writer.write(0, record, 0, record.length);
    }

    /// Reads all there is and names the records: a digit for a whole record of 8 equal bytes, `?` for anything else.
    static String readAll(RingBuffer buffer) {
        StringBuilder names = new StringBuilder();
        String read = read(buffer);
        while (!read.isEmpty()) {
            names.append(read);
            read = read(buffer);
        }
        return names.toString();
    }

    /// One read; `-` when it returns nothing.
    static String readOnce(RingBuffer buffer) {
        return readOnce(buffer, 8);
    }

    /// One read of records of `size` equal bytes; `-` when it returns nothing.
    static String readOnce(RingBuffer buffer, int size) {
        String read = read(buffer, size);
        return read.isEmpty() ? "-" : read;
    }

    /// One read.
    static String read(RingBuffer buffer) {
        return read(buffer, 8);
    }

    /// One read of records of `size` equal bytes.
    static String read(RingBuffer buffer, int size) {
        MemorySegment target = MemorySegment.ofArray(new byte[MAX_SIZE]);
        int length = buffer.read(target, 0, MAX_SIZE);
        return names(target, length, size);
    }

    /// Names records of 8 bytes.
    static String names(MemorySegment bytes, long length) {
        return names(bytes, length, 8);
    }

    private static String names(MemorySegment bytes, long length, int size) {
        StringBuilder names = new StringBuilder();
        for (long at = 0; at < length; at += size) {
            boolean whole = at + size <= length;
            byte first = bytes.get(ValueLayout.JAVA_BYTE, at);
            for (int i = 1; whole && i < size; i++) {
                whole = bytes.get(ValueLayout.JAVA_BYTE, at + i) == first;
            }
            names.append(whole && first != 0 ? (char) ('0' + first) : '?');
        }
        return names.toString();
    }
}
