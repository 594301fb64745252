package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Path;
import org.relayfs.buffer.LayoutException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.linux.Cpus;

/// What the header of another process's channel says, read once and checked.
///
/// @param geometry of its buffers
/// @param flags    `FLAG_` constants of [ChannelHeader]
/// @param slots    how many regions follow
/// @param stride   bytes from one region to the next
/// @param locks    where the channel's bytes in the owner's file of locks begin; can be anything
record CheckedHeader(Geometry geometry, long flags, int slots, long stride, long locks) {
    /// Reads one.
    ///
    /// @param folder of the channel, for messages
    /// @param header its address
    /// @param length bytes of `meta`
    /// @throws LayoutException its layout is another
    /// @throws IOException     it is damaged
    static CheckedHeader of(Path folder, long header, long length) throws IOException {
        long version = ChannelHeader.versionAcquire(header);
        long magic = ChannelHeader.wordPlain(header, ChannelHeader.MAGIC_OFFSET);
        if (version != ChannelHeader.LAYOUT_VERSION || magic != ChannelHeader.MAGIC) {
            throw new LayoutException(folder, version, ChannelHeader.LAYOUT_VERSION);
        }
        long flags = ChannelHeader.wordPlain(header, ChannelHeader.FLAGS_OFFSET);
        if ((flags & ~ChannelHeader.KNOWN_FLAGS) != 0) {
            throw new IOException(folder + ": flags=" + Long.toHexString(flags) + ", limit="
                    + Long.toHexString(ChannelHeader.KNOWN_FLAGS)
                    + ": it has properties that are not known here; use the version of its owner");
        }
        Geometry geometry = geometry(folder, header, flags);
        long slots = ChannelHeader.wordPlain(header, ChannelHeader.BUFFER_SLOTS_OFFSET);
        long stride = BufferHeader.regionStride(geometry.subBufferCount());
        boolean fits = slots >= 1
                && slots <= Cpus.MAX_CPUS
                && stride == ChannelHeader.wordPlain(header, ChannelHeader.BUFFER_STRIDE_OFFSET)
                && length >= ChannelHeader.SIZE + slots * stride;
        if (!fits) {
            throw new IOException(folder + ": meta is damaged: slots=" + slots + ", length=" + length);
        }
        long locks = ChannelHeader.wordPlain(header, ChannelHeader.LOCKS_OFFSET);
        return new CheckedHeader(geometry, flags, (int) slots, stride, locks);
    }

    private static Geometry geometry(Path folder, long header, long flags) throws IOException {
        try {
            return new Geometry(
                    ChannelHeader.wordPlain(header, ChannelHeader.SUB_BUFFER_SIZE_OFFSET),
                    Math.toIntExact(ChannelHeader.wordPlain(header, ChannelHeader.SUB_BUFFER_COUNT_OFFSET)),
                    ChannelHeader.headerLength(flags));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(folder + ": meta is damaged: " + e.getMessage(), e);
        }
    }

    boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
