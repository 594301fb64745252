package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.relayfs.event.ctf.PacketFile;
import org.relayfs.event.ctf.PacketStream;
import org.relayfs.tool.client.ChannelRow;

/// A file of packets of events that is replaced by a new one when it is large enough, between two packets: each file is
/// a stream on its own, and all of them together are one.
final class RotatingTrace implements RecordedFile {
    /// What heads of packets and the room behind packets take at most: of small sub-buffers as much as the events.
    private static final int MARGIN = 2;

    private static final long LEAST = 16384;
    private static final int PACKET_OVERHEAD = 256;

    private final Rotation rotation;
    private final long maxSize;
    private final long mostOfPacket;
    private final IntFunction<OptionalLong> losses;
    private final PacketStream stream;
    private PacketFile file;

    // Written by the one thread that writes the file.
    private volatile long taken;

    /// @param mostOfPacket bytes of the largest packet
    /// @param cpu          of the buffer, unless its events say otherwise
    /// @param types        describes the types of its events
    /// @param losses       how many events the buffer of a CPU has lost by now, if that is known
    RotatingTrace(
            Path path,
            long maxSize,
            int maxCount,
            long mostOfPacket,
            int cpu,
            PacketStream.Types types,
            IntFunction<OptionalLong> losses)
            throws IOException {
        this.rotation = new Rotation(path, maxCount);
        this.maxSize = maxSize;
        this.mostOfPacket = mostOfPacket;
        this.losses = losses;
        this.file = new PacketFile(rotation.first());
        this.stream = new PacketStream(this::next, types, cpu);
    }

    /// {@return bytes that a packet of a channel has at most}
    static long mostOfPacket(ChannelRow row) {
        return row.subBufferSize() + PACKET_OVERHEAD;
    }

    private PacketFile next() throws IOException {
        if (file.size() > 0 && file.size() + mostOfPacket > maxSize) {
            file.close();
            file = new PacketFile(rotation.next());
        }
        return file;
    }

    @Override
    public long room(long wanted) throws IOException {
        long free = (RecordedFile.freeFor(path()) - LEAST) / MARGIN;
        if (free <= 0) {
            throw RecordedFile.full(path());
        }
        return Math.min(wanted, free);
    }

    @Override
    public void write(ByteBuffer piece) throws IOException {
        taken += piece.remaining();
        try {
            stream.write(piece);
        } catch (IOException e) {
            throw new IOException(path() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public long written() {
        return stream.written();
    }

    @Override
    public long unwritten() {
        return taken - stream.written();
    }

    @Override
    public Path path() {
        return rotation.path();
    }

    @Override
    public void close() throws IOException {
        try {
            OptionalLong lost = losses.apply(stream.cpu());
            if (lost.isPresent() && unwritten() == 0) {
                stream.endWith(lost.getAsLong());
            }
        } finally {
            file.close();
        }
    }
}
