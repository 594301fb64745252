package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The packets in a file, found as a strict reader finds them: the last one must end where the file does.
public final class PacketsOf {
    private static final int MAGIC = 0xC1FC1FC1;
    private static final int HEAD = 72;

    /// One of them.
    public record Packet(long cpu, long begin, long end, long sequence, long discarded, byte[] events) {}

    private PacketsOf() {}

    /// {@return all packets}
    public static List<Packet> file(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Packet> packets = new ArrayList<>();
        int at = 0;
        while (at < file.length) {
            assertThat(file.length - at).as("bytes left at " + at).isGreaterThanOrEqualTo(HEAD);
            assertThat(bytes.getInt(at)).as("magic at " + at).isEqualTo(MAGIC);
            assertThat(bytes.getInt(at + 4)).isZero();
            int content = (int) (bytes.getLong(at + 32) / Byte.SIZE);
            int size = (int) (bytes.getLong(at + 40) / Byte.SIZE);
            assertThat(content).isBetween(HEAD, size);
            assertThat(size).isLessThanOrEqualTo(file.length - at);
            byte[] events = new byte[content - HEAD];
            bytes.get(at + HEAD, events);
            packets.add(new Packet(
                    bytes.getLong(at + 64),
                    bytes.getLong(at + 16),
                    bytes.getLong(at + 24),
                    bytes.getLong(at + 48),
                    bytes.getLong(at + 56),
                    events));
            at += size;
        }
        return packets;
    }

    /// {@return the events of all packets}
    public static byte[] events(List<Packet> packets) {
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        packets.forEach(packet -> events.writeBytes(packet.events()));
        return events.toByteArray();
    }
}
