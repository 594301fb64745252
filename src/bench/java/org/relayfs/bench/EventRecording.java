package org.relayfs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import java.util.UUID;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfEnvironment;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;

/// Makes a recording of events: two CPUs, packets of 256 KiB, five types of two numbers and one with a text.
public final class EventRecording {
    private static final int PACKET_SIZE = 1 << 18;
    private static final int HEAD_SIZE = 72;
    private static final int FIRST_TYPE = 16;
    private static final int TYPES = 5;
    private static final int CPUS = 2;
    private static final int SUB_BUFFER = 2 | 64 << 12;
    private static final long NS = 100;

    private EventRecording() {}

    /// Makes one.
    ///
    /// @param args folder, bytes
    /// @throws IOException it cannot be written
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        long size = Long.parseLong(args[1]) / CPUS;
        UUID boot = new UUID(1, 2);
        TreeMap<Integer, EventType> types = new TreeMap<>();
        for (int i = 0; i < TYPES; i++) {
            types.put(
                    FIRST_TYPE + i,
                    EventType.named("step" + i)
                            .field("id", FieldKind.I64)
                            .field("size", FieldKind.U64)
                            .build());
        }
        types.put(
                FIRST_TYPE + TYPES,
                EventType.named("name").field("name", FieldKind.STRING).build());
        CtfMetadata metadata = new CtfMetadata(
                CtfForm.PACKETS,
                new CtfEnvironment("bench", boot.toString(), "bench", new TreeMap<>()),
                CtfClock.monotonic(boot, 0, 1_700_000_000_000_000_000L),
                types);
        Files.writeString(folder.resolve("metadata"), metadata.text());
        for (int cpu = 0; cpu < CPUS; cpu++) {
            try (FileChannel file = FileChannel.open(
                    folder.resolve("cpu" + cpu), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long time = cpu;
                for (long number = 0; number * PACKET_SIZE < size; number++) {
                    ByteBuffer packet = ByteBuffer.allocate(PACKET_SIZE).order(ByteOrder.LITTLE_ENDIAN);
                    time = fill(packet, cpu, number, time);
                    file.write(packet.rewind());
                }
            }
        }
    }

    private static long fill(ByteBuffer packet, int cpu, long number, long begin) {
        long time = begin;
        packet.position(HEAD_SIZE);
        packet.putLong(time)
                .putInt(SUB_BUFFER)
                .putInt(1)
                .putInt(0)
                .putInt(cpu)
                .putLong(number)
                .putLong(time);
        packet.putLong(1_700_000_000_000_000_000L + time).put(new byte[32]);
        for (int i = 0; packet.remaining() >= 32; i++) {
            time += NS;
            int type = i % (TYPES + 1);
            packet.putLong(time);
            packet.putInt(FIRST_TYPE + type | 16 << 12).putInt(1000 + cpu);
            if (type == TYPES) {
                packet.put("fifteen letters\0".getBytes(StandardCharsets.US_ASCII));
            } else {
                packet.putLong(i).putLong(number);
            }
        }
        long bits = 8L * packet.position();
        packet.putInt(0, 0xC1FC1FC1).putLong(8, cpu).putLong(16, begin).putLong(24, time);
        packet.putLong(32, bits)
                .putLong(40, 8L * PACKET_SIZE)
                .putLong(48, number)
                .putLong(64, cpu);
        return time + NS;
    }
}
