package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.event.ctf.PacketsOf.Packet;
import org.relayfs.testing.RawEvents;

/// Packets from the bytes of a buffer, and the file that they are in at each moment.
class PacketStreamTest {
    private static final int SUB_BUFFER = 80;

    @TempDir
    private Path temp;

    private Path file() {
        return temp.resolve("cpu0");
    }

    private FileChannel open() throws Exception {
        return FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private List<Packet> packets() throws Exception {
        return PacketsOf.file(Files.readAllBytes(file()));
    }

    private static byte[] stream() {
        EventBytes bytes = new EventBytes();
        bytes.subBuffer(100, 3, 7, 0, 1, 1, 1, 1).text(101, 5, "one").text(102, 5, "two");
        bytes.subBuffer(110, 3, 8, 0, 2, 1, 1, 1).text(115, 5, "x".repeat(9000));
        bytes.subBuffer(120, 3, 12, 0, 2, 1, 1, 3);
        return bytes.raw();
    }

    /// Writes a stream in pieces, and looks at the file after each call that changes it.
    private void write(byte[] stream, int piece, long lost) throws Exception {
        try (WatchedFile watched = new WatchedFile(open(), () -> assertIsWholeBeginning(stream));
                PacketFile file = new PacketFile(watched)) {
            PacketStream packets = new PacketStream(() -> file, id -> id + 1, 0);
            for (int at = 0; at < stream.length; at += piece) {
                packets.write(ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)));
            }
            assertThat(packets.written()).isEqualTo(stream.length);
            assertThat(packets.firstTime()).isBetween(100L, 101L);
            packets.endWith(lost);
            assertThat(watched.changes()).isPositive();
        }
    }

    private void assertIsWholeBeginning(byte[] stream) throws Exception {
        byte[] events = PacketsOf.events(packets());
        assertThat(RawEvents.parse(events)).isNotNull();
        assertThat(events).isEqualTo(Arrays.copyOf(stream, events.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 80, 97, 5000, 100_000})
    void eachSubBufferIsAPacketWhateverThePieces(int piece) throws Exception {
        byte[] stream = stream();
        write(stream, piece, 7);
        List<Packet> packets = packets();
        assertThat(PacketsOf.events(packets)).isEqualTo(stream);
        assertThat(packets).extracting(Packet::sequence).containsExactly(7L, 8L, 12L);
        assertThat(packets).extracting(Packet::discarded).containsExactly(4L, 5L, 7L);
        assertThat(packets).extracting(Packet::begin).containsExactly(100L, 110L, 120L);
        assertThat(packets).extracting(Packet::end).containsExactly(102L, 115L, 120L);
        assertThat(packets).extracting(Packet::cpu).containsOnly(3L);
    }

    @Test
    void whatWasLostInTheEndIsAPacketWithoutEvents() throws Exception {
        write(stream(), 64, 20);
        Packet last = packets().getLast();
        assertThat(last).extracting(Packet::sequence, Packet::discarded).containsExactly(12L, 20L);
        assertThat(last.events()).isEmpty();
        assertThat(packets()).hasSize(4);
    }

    @Test
    void aResizeBeginsAgainAndTheNumbersGoOn() throws Exception {
        byte[] resized = new EventBytes()
                .subBuffer(130, 3, 0, 0, 0, 0, 0, 0)
                .subBuffer(140, 3, 1, 0, 0, 2, 0, 0)
                .raw();
        write(EventBytes.join(stream(), resized), 1000, 3);
        assertThat(packets()).extracting(Packet::sequence).containsExactly(7L, 8L, 12L, 13L, 14L, 14L);
        assertThat(packets()).extracting(Packet::discarded).containsExactly(4L, 5L, 7L, 7L, 9L, 10L);
    }

    @Test
    void lossesNeverFallAlthoughTheirCountersWereReadLateForOneSubBuffer() throws Exception {
        byte[] stream = new EventBytes()
                .subBuffer(100, 0, 0, 0, 5)
                .subBuffer(101, 0, 1, 0, 3)
                .subBuffer(102, 0, 2, 0, 6)
                .raw();
        write(stream, 1000, 6);
        assertThat(packets()).extracting(Packet::discarded).containsExactly(5L, 5L, 6L);
    }

    @Test
    void withoutTheBeginningOfASubBufferNothingSeemsLost() throws Exception {
        byte[] stream = stream();
        byte[] rest = Arrays.copyOfRange(stream, SUB_BUFFER, stream.length);
        write(rest, 100, 0);
        assertThat(packets()).extracting(Packet::sequence).containsExactly(0L, 1L, 5L);
        assertThat(packets()).extracting(Packet::discarded).containsExactly(0L, 0L, 2L);
        assertThat(packets()).extracting(Packet::cpu).containsExactly(0L, 3L, 3L);
    }

    @Test
    void anEventWithoutAnEndIsNotWritten() throws Exception {
        byte[] stream = stream();
        int cut = stream.length - SUB_BUFFER - 1;
        try (PacketFile file = new PacketFile(open())) {
            PacketStream packets = new PacketStream(() -> file, id -> id + 1, 0);
            packets.write(ByteBuffer.wrap(stream, 0, cut));
            assertThat(packets.written()).isEqualTo(2L * SUB_BUFFER + 2 * 19);
        }
        assertThat(PacketsOf.events(packets())).hasSize(2 * SUB_BUFFER + 2 * 19);
    }
}
