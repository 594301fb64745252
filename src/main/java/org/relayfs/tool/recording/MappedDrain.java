package org.relayfs.tool.recording;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.relayfs.tool.client.ChannelRow;
import org.relayfs.tool.client.ClientFile;

/// A drain that writes closed sub-buffers straight from the mapping, as relay-apps do: the header at the start of
/// each tells its padding, or the event there. Bytes are those that reads return, whole sub-buffers at a time.
final class MappedDrain implements BufferDrain {
    // In the event that a sub-buffer begins with.
    private static final int UNUSED = 16;
    private static final int EVENT_SIZE = 80;

    private final ChannelRow row;
    private final boolean hasEvents;
    private final ClientFile file;
    private final BufferPositions positions;
    private final RecordedFile output;
    private final BufferDrain rest;
    private final MemorySegment ring;

    /// @param hasEvents true: its records are events
    /// @param rest      what reads the sub-buffer that stays open when the channel is destroyed
    MappedDrain(
            ChannelRow row,
            boolean hasEvents,
            ClientFile file,
            BufferPositions positions,
            RecordedFile output,
            BufferDrain rest)
            throws IOException {
        this.row = row;
        this.hasEvents = hasEvents;
        this.file = file;
        this.positions = positions;
        this.output = output;
        this.rest = rest;
        this.ring = file.map(row.bufferSize());
    }

    @Override
    public long drain() throws IOException {
        long produced = positions.produced();
        long consumed = positions.consumed();
        long total = 0;
        long position = consumed;
        try {
            while (position < produced) {
                MemorySegment payload = payload(position);
                output.write(payload.asByteBuffer());
                total += payload.byteSize();
                position++;
            }
        } finally {
            // What is on the disk, also when the next one found no room there.
            if (position > consumed) {
                positions.addConsumed(position - consumed);
            }
        }
        return total;
    }

    private MemorySegment payload(long position) throws IOException {
        long size = row.subBufferSize();
        long offset = position % row.subBufferCount() * size;
        long padding = padding(offset);
        long limit = size - (hasEvents ? EVENT_SIZE : row.paddingHeader());
        if (padding < 0 || padding > limit) {
            throw new IOException(file.path() + ": sub-buffer " + position + " has no padding header: padding="
                    + padding + ", limit=0 to " + limit + "; record without --mmap");
        }
        return ring.asSlice(offset, size - padding);
    }

    private long padding(long offset) throws IOException {
        try {
            return hasEvents || row.paddingHeader() == Integer.BYTES
                    ? Integer.toUnsignedLong(
                            ring.get(ValueLayout.JAVA_INT_UNALIGNED, offset + (hasEvents ? UNUSED : 0)))
                    : ring.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        } catch (InternalError e) {
            // How the JVM tells of SIGBUS.
            throw new IOException(file.path() + ": the mapping is gone; has the mount ended?", e);
        }
    }

    @Override
    public long drainRest() throws IOException {
        return drain() + rest.drainRest();
    }

    @Override
    public void close() throws IOException {
        rest.close();
    }
}
