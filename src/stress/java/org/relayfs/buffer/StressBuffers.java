package org.relayfs.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.layout.Geometry;

/// Buffers for states that jcstress makes by the thousand. A state's memory is used again after [#POOL] others, more
/// than
/// are alive at the same time with the stride that `-Pstress` sets.
final class StressBuffers {
    private static final int POOL = 512;
    private static final TestBuffers[] BUFFERS = new TestBuffers[POOL];
    private static final AtomicInteger NEXT = new AtomicInteger();

    static {
        for (int i = 0; i < POOL; i++) {
            BUFFERS[i] = new TestBuffers(256, 8);
        }
    }

    private StressBuffers() {}

    static ChannelBuffer create(long subBufferSize, int subBufferCount, int headerLength, boolean overwrite) {
        TestBuffers memory = BUFFERS[Math.floorMod(NEXT.getAndIncrement(), POOL)];
        return memory.create(new Geometry(subBufferSize, subBufferCount, headerLength), overwrite);
    }

    /// Logs one record of 8 equal bytes by the fast path.
    static int write(RecordWriter writer, int value) {
        byte[] record = new byte[8];
        java.util.Arrays.fill(record, (byte) value);
        return writer.write(0, record, 0, record.length);
    }

    /// Reads all there is and names the records: a digit for a whole record of 8 equal bytes, `?` for anything else.
    static String readAll(ChannelBuffer buffer) {
        StringBuilder names = new StringBuilder();
        String read = read(buffer);
        while (!read.isEmpty()) {
            names.append(read);
            read = read(buffer);
        }
        return names.toString();
    }

    /// One read; `-` when it returns nothing.
    static String readOnce(ChannelBuffer buffer) {
        String read = read(buffer);
        return read.isEmpty() ? "-" : read;
    }

    /// One read.
    static String read(ChannelBuffer buffer) {
        MemorySegment target = MemorySegment.ofArray(new byte[64]);
        int length = buffer.read(target, 0, 64);
        return names(target, length);
    }

    /// Names records of 8 bytes.
    static String names(MemorySegment bytes, long length) {
        StringBuilder names = new StringBuilder();
        for (long at = 0; at < length; at += 8) {
            boolean whole = at + 8 <= length;
            byte first = bytes.get(ValueLayout.JAVA_BYTE, at);
            for (int i = 1; whole && i < 8; i++) {
                whole = bytes.get(ValueLayout.JAVA_BYTE, at + i) == first;
            }
            names.append(whole && first != 0 ? (char) ('0' + first) : '?');
        }
        return names.toString();
    }
}
