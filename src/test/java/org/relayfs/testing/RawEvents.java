package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.buffer.ChannelBuffer;

/// The events in bytes that were read from a channel of events, found by nothing but their lengths.
public final class RawEvents {
    /// Bytes before a payload.
    public static final int HEADER = 16;

    /// One of them.
    public record Event(long time, int id, int thread, byte[] payload) {
        /// {@return the payload as a text}
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /// {@return 8 bytes of the payload}
        public long word(int offset) {
            return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
        }

        /// {@return 4 bytes of the payload}
        public int half(int offset) {
            return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
        }
    }

    private RawEvents() {}

    /// {@return all events; the bytes must end with one, and time must not fall}
    public static List<Event> parse(byte[] bytes) {
        List<Event> events = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long before = Long.MIN_VALUE;
        while (buffer.hasRemaining()) {
            assertThat(buffer.remaining()).as("bytes of a header").isGreaterThanOrEqualTo(HEADER);
            long time = buffer.getLong();
            long word = buffer.getLong();
            byte[] payload = new byte[(int) word >>> 12];
            assertThat(payload.length).as("payload at " + buffer.position()).isLessThanOrEqualTo(buffer.remaining());
            buffer.get(payload);
            assertThat(time).as("time at " + buffer.position()).isGreaterThanOrEqualTo(before);
            before = time;
            events.add(new Event(time, (int) word & 0xFFF, (int) (word >>> 32), payload));
        }
        return events;
    }

    /// {@return all that can be read now}
    public static List<Event> read(ChannelBuffer buffer) {
        return parse(Text.bytes(Text.read(buffer)));
    }
}
