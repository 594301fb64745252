package org.relayfs.event.ctf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Events as `docs/decisions/0013-events.md` has them, made by hand: not by what is to be tested.
public final class EventBytes {
    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private int eventStart;

    /// Begins an event.
    public EventBytes event(long timestamp, int id, long thread) {
        finish();
        room(16).putLong(timestamp).putInt(id).putInt((int) thread);
        return this;
    }

    public EventBytes u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public EventBytes u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public EventBytes u32(long value) {
        room(4).putInt((int) value);
        return this;
    }

    public EventBytes u64(long value) {
        room(8).putLong(value);
        return this;
    }

    public EventBytes f32(float value) {
        room(4).putFloat(value);
        return this;
    }

    public EventBytes f64(double value) {
        room(8).putDouble(value);
        return this;
    }

    public EventBytes string(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8)).u8(0);
    }

    public EventBytes bytes(byte[] value) {
        return u32(value.length).raw(value);
    }

    public EventBytes raw(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    public EventBytes text(long timestamp, long thread, String value) {
        return event(timestamp, 1, thread).raw(value.getBytes(StandardCharsets.UTF_8));
    }

    /// The first event of a sub-buffer.
    public EventBytes subBuffer(long timestamp, int cpu, long position, long realtime, long... counts) {
        event(timestamp, 2, 1).u32(0).u32(cpu).u64(position).u64(timestamp).u64(realtime);
        for (long count : Arrays.copyOf(counts, 4)) {
            u64(count);
        }
        return this;
    }

    /// Puts the length of the last event into it.
    private void finish() {
        if (bytes.position() > eventStart) {
            int word = bytes.getInt(eventStart + 8);
            bytes.putInt(eventStart + 8, word | (bytes.position() - eventStart - 16) << 12);
        }
        eventStart = bytes.position();
    }

    private ByteBuffer room(int size) {
        if (bytes.remaining() < size) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * (bytes.capacity() + size)).order(ByteOrder.LITTLE_ENDIAN);
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }

    /// {@return pieces, one after the other}
    public static byte[] join(byte[]... pieces) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(pieces).mapToInt(piece -> piece.length).sum());
        Arrays.stream(pieces).forEach(all::put);
        return all.array();
    }

    /// {@return event after event}
    public byte[] raw() {
        finish();
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /// {@return the events as one packet, with some bytes behind them}
    public byte[] packet(int cpu, long begin, long end, long number, long discarded, int unused) {
        byte[] events = raw();
        return ByteBuffer.allocate(72 + events.length + unused)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xC1FC1FC1)
                .putInt(0)
                .putLong(cpu)
                .putLong(begin)
                .putLong(end)
                .putLong(8L * (72 + events.length))
                .putLong(8L * (72 + events.length + unused))
                .putLong(number)
                .putLong(discarded)
                .putLong(cpu)
                .put(events)
                .array();
    }
}
