package org.relayfs.robustness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;

/// The `meta` file of a global channel, as a hostile process that has attached sees it: every word can be stored to.
final class DamagedMemory {
    private static final List<Long> VALUES =
            List.of(0L, 1L, -1L, 5L, -4000L, 1L << 30, -(1L << 40), 1L << 60, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE);

    private static final int[] HEADER_WORDS = {
        BufferHeader.RESERVE_OFFSET,
        BufferHeader.CONSUMED_OFFSET,
        BufferHeader.READ_OFFSET_OFFSET,
        BufferHeader.DELIVERED_OFFSET,
        BufferHeader.ARMED_OFFSET,
        BufferHeader.CLOSED_BYTES_OFFSET,
        BufferHeader.ATTENTION_OFFSET,
        BufferHeader.BASE_OFFSET,
        BufferHeader.SIZE_ADJUSTMENT_OFFSET,
        BufferHeader.STALL_POSITION_OFFSET,
        BufferHeader.STALL_SINCE_OFFSET,
    };

    private final ByteBuffer meta;
    private final int subBuffers;

    private DamagedMemory(MappedByteBuffer meta, int subBuffers) {
        this.meta = meta.order(ByteOrder.nativeOrder());
        this.subBuffers = subBuffers;
    }

    /// @param folder     of the channel
    /// @param subBuffers N
    static DamagedMemory of(Path folder, int subBuffers) throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.resolve("meta"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long length = ChannelHeader.SIZE + BufferHeader.regionSize(subBuffers);
            return new DamagedMemory(file.map(MapMode.READ_WRITE, 0, length), subBuffers);
        }
    }

    /// {@return the value of a word of the buffer}
    long word(int offset) {
        return meta.getLong(ChannelHeader.SIZE + offset);
    }

    /// Stores a word of the buffer.
    void word(int offset, long value) {
        meta.putLong(ChannelHeader.SIZE + offset, value);
    }

    /// Stores something somewhere.
    ///
    /// @return what it was, for messages
    String mutate(SplittableRandom random) {
        int offset = place(random);
        long old = meta.getLong(offset);
        long value = switch (random.nextInt(5)) {
            case 0 -> old ^ 1L << random.nextInt(64);
            case 1 -> old + random.nextInt(-3, 4);
            case 2 -> random.nextLong();
            case 3 -> old ^ random.nextLong(1 << 20) << random.nextInt(44);
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
        meta.putLong(offset, value);
        return "word at %d: %x -> %x".formatted(offset, old, value);
    }

    private int place(SplittableRandom random) {
        int region = (int) ChannelHeader.SIZE;
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> region + HEADER_WORDS[random.nextInt(HEADER_WORDS.length)];
            case 3, 4 ->
                region + BufferHeader.IN_FLIGHT_OFFSET + random.nextInt(InFlightTable.SIZE / Long.BYTES) * Long.BYTES;
            case 5, 6 ->
                region
                        + BufferHeader.SUB_BUFFERS_OFFSET
                        + random.nextInt(subBuffers * SubBufferTable.STRIDE / Long.BYTES) * Long.BYTES;
            default -> random.nextInt((int) ChannelHeader.SIZE / Long.BYTES) * Long.BYTES;
        };
    }
}
