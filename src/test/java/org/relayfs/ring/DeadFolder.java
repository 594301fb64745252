package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;

/// The folder of a channel as an owner leaves it that dies this moment: a copy of memory under test.
final class DeadFolder {
    private final Path folder;

    /// @param owner   where
    /// @param memory  of a buffer
    DeadFolder(Path owner, TestBuffers memory, Geometry geometry, boolean overwrite) throws IOException {
        folder = Files.createDirectories(owner.resolve("app.1"));
        long stride = BufferHeader.regionStride(geometry.subBufferCount());
        long region = ChannelHeader.SIZE + BufferHeader.regionSize(geometry.subBufferCount());
        byte[] meta = Arrays.copyOf(memory.meta().memory().asSlice(0, region).toArray(ValueLayout.JAVA_BYTE), (int)
                (ChannelHeader.SIZE + stride));
        MemorySegment words = MemorySegment.ofArray(meta);
        put(words, ChannelHeader.VERSION_OFFSET, ChannelHeader.LAYOUT_VERSION);
        put(words, ChannelHeader.MAGIC_OFFSET, ChannelHeader.MAGIC);
        put(words, ChannelHeader.SUB_BUFFER_SIZE_OFFSET, geometry.subBufferSize());
        put(words, ChannelHeader.SUB_BUFFER_COUNT_OFFSET, geometry.subBufferCount());
        put(words, ChannelHeader.BUFFER_SLOTS_OFFSET, 1);
        put(words, ChannelHeader.BUFFER_STRIDE_OFFSET, stride);
        put(
                words,
                ChannelHeader.FLAGS_OFFSET,
                (overwrite ? ChannelHeader.FLAG_OVERWRITE : 0) | ChannelHeader.flagsOfHeader(geometry.headerLength()));
        Files.write(folder.resolve("meta"), meta);
        Files.write(
                folder.resolve("cpu0"),
                memory.data().memory().asSlice(0, geometry.bufferSize()).toArray(ValueLayout.JAVA_BYTE));
    }

    private static void put(MemorySegment words, long offset, long value) {
        words.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
    }

    Path folder() {
        return folder;
    }

    /// What is read of it.
    record Content(String text, RecoveredBuffer found) {}

    Content read(boolean all) throws IOException {
        StringBuilder text = new StringBuilder();
        DeadBuffer.Target target = new DeadBuffer.Target() {
            @Override
            public void write(ByteBuffer bytes) {
                text.append(StandardCharsets.ISO_8859_1.decode(bytes));
            }

            @Override
            public long size() {
                return text.length();
            }

            @Override
            public void shorten(long size) {
                text.setLength((int) size);
            }
        };
        try (DeadChannel channel = DeadChannel.open(folder.getParent(), folder);
                DeadBuffer buffer = channel.buffer(0)) {
            RecoveredBuffer found = buffer.copyTo(target, all, () -> false);
            return new Content(text.toString(), found);
        }
    }
}
