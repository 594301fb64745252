package org.relayfs.event.perfetto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.relayfs.event.ctf.ByteSource;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.EventBytes;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.SampleMetadata;
import org.relayfs.event.ctf.TypeTable;

/// The messages, decoded by hand: their framing, and that nothing is used before it is described.
final class PerfettoTraceTest {
    private static final int EVENTS = 100_000;
    private static final int MOST_AT_ONCE = 1 << 17;

    private final Set<Long> tracks = new HashSet<>();
    private final Set<Long> names = new HashSet<>();
    private final Set<Long> fieldNames = new HashSet<>();
    private int eventCount;
    private int trackCount;

    /// The fields of a message: numbers as Long, everything else as a buffer.
    private static Map<Integer, List<Object>> fields(ByteBuffer bytes) {
        Map<Integer, List<Object>> fields = new HashMap<>();
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            Object value = switch ((int) key & 7) {
                case 0 -> varint(bytes);
                case 1 -> bytes.slice(bytes.position(), skip(bytes, 8));
                case 2 -> {
                    int length = (int) varint(bytes);
                    yield bytes.slice(bytes.position(), skip(bytes, length));
                }
                default -> throw new AssertionError("field " + key);
            };
            fields.computeIfAbsent((int) (key >>> 3), any -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static int skip(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
        return length;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static Map<Integer, List<Object>> message(Object value) {
        return fields(((ByteBuffer) value).duplicate());
    }

    /// What one write has: whole packets.
    private void take(ByteBuffer bytes) {
        assertThat(bytes.remaining()).isLessThan(MOST_AT_ONCE);
        Map<Integer, List<Object>> trace = fields(bytes);
        assertThat(trace).containsOnlyKeys(1);
        trace.get(1).forEach(packet -> packet(message(packet)));
    }

    private void packet(Map<Integer, List<Object>> packet) {
        assertThat(packet.get(10)).containsExactly(1L);
        packet.getOrDefault(12, List.of()).forEach(added -> {
            Map<Integer, List<Object>> interned = message(added);
            interned.getOrDefault(2, List.of())
                    .forEach(name -> names.add((Long) message(name).get(1).getFirst()));
            interned.getOrDefault(3, List.of())
                    .forEach(name -> fieldNames.add((Long) message(name).get(1).getFirst()));
        });
        packet.getOrDefault(60, List.of()).forEach(track -> {
            trackCount++;
            tracks.add((Long) message(track).get(1).getFirst());
        });
        packet.getOrDefault(11, List.of()).forEach(event -> {
            eventCount++;
            Map<Integer, List<Object>> fields = message(event);
            assertThat(tracks.containsAll(fields.get(11))).isTrue();
            assertThat(names.containsAll(fields.getOrDefault(10, List.of()))).isTrue();
            fields.getOrDefault(4, List.of())
                    .forEach(field -> assertThat(
                                    fieldNames.containsAll(message(field).get(1)))
                            .isTrue());
        });
    }

    /// A stream whose bytes are made when they are asked for.
    private static final class Source implements ByteSource {
        private ByteBuffer event = ByteBuffer.allocate(0);
        private int made;

        @Override
        public int read(byte[] target, int offset, int length) {
            if (!event.hasRemaining() && made == EVENTS) {
                return END;
            }
            if (!event.hasRemaining()) {
                event = ByteBuffer.wrap(new EventBytes()
                        .event(made, SampleMetadata.REQUEST, made)
                        .string("/x")
                        .u32(made)
                        .raw());
                made++;
            }
            int count = Math.min(length, event.remaining());
            event.get(target, offset, count);
            return count;
        }
    }

    @Test
    void packetsAreWrittenAsEventsComeAndNothingIsUsedBeforeItIsDescribed() throws Exception {
        TypeTable types = new TypeTable(SampleMetadata.of(CtfForm.RAW));
        EventStream stream = new EventStream(new Source(), types, 0);
        PerfettoTrace trace = new PerfettoTrace(this::take);
        for (EventStream.Step step = stream.next(); step != EventStream.Step.END; step = stream.next()) {
            if (step == EventStream.Step.EVENT) {
                trace.event(stream, SampleMetadata.EPOCH + stream.timestamp(), false);
            }
        }
        trace.flush();
        assertThat(eventCount).isEqualTo(EVENTS);
        // Each event is of a thread of its own; beside them there is the group.
        assertThat(trackCount).isEqualTo(EVENTS + 1);
        assertThat(names).hasSize(1);
        assertThat(fieldNames).hasSize(3);
    }
}
