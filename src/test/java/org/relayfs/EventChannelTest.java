package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.ThreadIds;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.RawEvents.Event;

/// What lies in the buffers of a channel of events.
class EventChannelTest {
    private static final int LOST = 0;
    private static final int TEXT = 1;
    private static final int SUB_BUFFER = 2;
    private static final int BYTES = 3;
    private static final int SIZE = 256;
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(SIZE, 4).withGlobal(true).withEvents(true);

    private static List<Event> ofPrograms(ChannelBuffer buffer) {
        return RawEvents.read(buffer).stream()
                .filter(event -> event.id() != SUB_BUFFER)
                .toList();
    }

    @Test
    void bytesAreEventsWithATimeAndAThread() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            long before = System.nanoTime();
            assertThat(channel.write(bytes("one"))).isEqualTo(3);
            assertThat(channel.write(bytes(""))).isZero();
            assertThat(channel.write(MemorySegment.ofArray(bytes("x two x")), 2, 3))
                    .isEqualTo(3);
            long after = System.nanoTime();
            List<Event> events = RawEvents.read(channel.buffers().getFirst());
            assertThat(events).extracting(Event::id).containsExactly(SUB_BUFFER, BYTES, BYTES, BYTES);
            assertThat(events).extracting(Event::text).endsWith("one", "", "two");
            assertThat(events.subList(1, 4)).allSatisfy(event -> {
                assertThat(event.time()).isBetween(before, after);
                assertThat(event.thread()).isEqualTo(ThreadIds.current()).isPositive();
            });
            assertThat(channel.stats().getFirst().records()).isEqualTo(3);
        }
    }

    @Test
    void aVirtualThreadIsTold() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            Thread virtual = Thread.startVirtualThread(() -> channel.write(bytes("virtual")));
            virtual.join();
            assertThat(ofPrograms(channel.buffers().getFirst()).getFirst().thread())
                    .isEqualTo(ThreadIds.VIRTUAL | (int) virtual.threadId());
        }
    }

    @Test
    void eachSubBufferBeginsWithAnEventOfItsOwn() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            long wall = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
            long clock = System.nanoTime();
            assertThat(channel.write(new byte[SIZE - 96])).isEqualTo(SIZE - 96);
            assertThat(channel.write(new byte[60])).isEqualTo(60);
            assertThat(channel.write(new byte[SIZE - 95])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(channel.write(new byte[SIZE])).isEqualTo(WriteResult.TOO_BIG);
            channel.flush();
            channel.flush();
            List<Event> events = RawEvents.read(buffer);
            assertThat(events)
                    .extracting(Event::id)
                    .containsExactly(SUB_BUFFER, BYTES, SUB_BUFFER, BYTES, SUB_BUFFER, SUB_BUFFER);
            List<Event> headers =
                    events.stream().filter(event -> event.id() == SUB_BUFFER).toList();
            assertThat(headers).extracting(event -> event.half(0)).containsExactly(0, 100, SIZE - 80, 0);
            assertThat(headers).extracting(event -> event.half(4)).containsOnly(0);
            assertThat(headers).extracting(event -> event.word(8)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(headers).extracting(event -> event.word(40)).containsExactly(0L, 0L, 2L, 2L);
            assertThat(events.get(2).time()).isEqualTo(events.get(3).time());
            for (Event header : headers) {
                long sinceStart = header.word(16) - clock;
                assertThat(header.word(24) - wall).isBetween(sinceStart - 20_000_000, sinceStart + 20_000_000);
            }
            assertThat(channel.dropped()).isEqualTo(2);
        }
    }

    @Test
    void whatAFullBufferRefusedStandsInTheNextSubBuffer() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            int accepted = 0;
            while (channel.write(new byte[100]) == 100) {
                accepted++;
            }
            channel.write(new byte[100]);
            assertThat(accepted).isEqualTo(4);
            RawEvents.read(buffer);
            channel.write(new byte[100]);
            Event header = RawEvents.read(buffer).getFirst();
            assertThat(header.id()).isEqualTo(SUB_BUFFER);
            assertThat(header.word(32)).isEqualTo(2);
        }
    }

    @Test
    void anAbortedEventIsLostAndEverythingParses() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            Reservation reservation = channel.newReservation();
            assertThat(channel.reserve(reservation, 24)).isEqualTo(24);
            assertThat(reservation.length()).isEqualTo(24);
            assertThat(reservation.memory().byteSize()).isEqualTo(24);
            reservation.abort();
            assertThat(channel.reserve(reservation, 8)).isEqualTo(8);
            reservation.putLong(0, 42);
            reservation.commit();
            assertThat(channel.reserve(reservation, 0)).isZero();
            reservation.commit();
            assertThat(channel.reserve(reservation, SIZE - 95)).isEqualTo(WriteResult.TOO_BIG);
            List<Event> events = ofPrograms(buffer);
            assertThat(events).extracting(Event::id).containsExactly(LOST, BYTES, BYTES);
            assertThat(events.get(0).payload()).hasSize(24);
            assertThat(events.get(1).word(0)).isEqualTo(42);
            assertThat(events.get(2).payload()).isEmpty();
            assertThat(channel.stats().getFirst().abandoned()).isEqualTo(1);
            assertThat(channel.stats().getFirst().records()).isEqualTo(2);
            // For those who look through a mapping, too.
            assertThat(RawEvents.parse(buffer.data().asSlice(80, 80).toArray(ValueLayout.JAVA_BYTE)))
                    .extracting(Event::id)
                    .containsExactly(LOST, BYTES, BYTES);
        }
    }

    @Test
    void textsAreToldFromOtherBytes() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            String[] texts = {"a\n", "b\n\n", "\n", "\u00e4\u20ac\ud83d\ude00"};
            for (String text : texts) {
                assertThat(writeText(channel, text.getBytes(StandardCharsets.UTF_8)))
                        .isPositive();
            }
            assertThat(writeText(channel, new byte[0])).isZero();
            assertThat(ofPrograms(channel.buffers().getFirst()))
                    .allMatch(event -> event.id() == TEXT)
                    .extracting(Event::text)
                    .containsExactly("a", "b\n", "", "\u00e4\u20ac\ud83d\ude00");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\0b\n",
                "\u00e4",
                "\u00c0\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "a\u00e2\u0082"
            })
    void whatIsNoTextStaysAsItIs(String notText) throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            assertThat(writeText(channel, bytes(notText))).isEqualTo(notText.length());
            Event event = ofPrograms(channel.buffers().getFirst()).getFirst();
            assertThat(event.id()).isEqualTo(BYTES);
            assertThat(event.payload()).isEqualTo(bytes(notText));
        }
    }

    private static int writeText(RelayChannel channel, byte[] text) {
        return channel.writeText(-1, MemorySegment.ofArray(text));
    }

    @Test
    void klogLogsTexts() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("events/klog", CONFIG)) {
            Klog klog = Klog.of("events/klog");
            assertThat(klog.log("h\u00e4lf\n")).isEqualTo(6);
            assertThat(klog.log(bytes("raw\n"))).isEqualTo(4);
            List<Event> events = ofPrograms(channel.buffers().getFirst());
            assertThat(events).extracting(Event::id).containsExactly(TEXT, BYTES);
            assertThat(events).extracting(Event::text).containsExactly("h\u00e4lf", "raw\n");
        }
    }

    @Test
    void anotherProcessAndAnotherGenerationWriteEvents() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG);
                AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            assertThat(attached.write(bytes("attached"))).isEqualTo(8);
            channel.resize(4096, 4);
            assertThat(attached.write(bytes("attached again"))).isEqualTo(14);
            assertThat(channel.write(bytes("own"))).isEqualTo(3);
            assertThat(channel.write(new byte[4000])).isEqualTo(4000);
            Reservation reservation = attached.newReservation();
            assertThat(attached.reserve(reservation, 5)).isEqualTo(5);
            reservation.putBytes(0, bytes("later"), 0, 5);
            reservation.commit();
            List<Event> events = new ArrayList<>(ofPrograms(buffer));
            events.addAll(ofPrograms(channel.buffers().getFirst()));
            assertThat(events)
                    .extracting(event -> event.payload().length > 100 ? "long" : event.text())
                    .containsExactly("attached", "attached again", "own", "long", "later");
        }
    }

    @ParameterizedTest
    @EnumSource(ChannelMode.class)
    void timeNeverFallsWithinABufferHoweverManyWrite(ChannelMode mode) throws Exception {
        int threads = 6;
        int each = 20_000;
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG.withMode(mode).withAbandonAfterMs(60_000))) {
            Thread[] writers = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                byte[] record = new byte[8 + i];
                writers[i] = new Thread(() -> {
                    for (int n = 0; n < each; n++) {
                        channel.write(record);
                    }
                });
                writers[i].start();
            }
            ChannelBuffer buffer = channel.buffers().getFirst();
            List<Event> events = new ArrayList<>();
            boolean alive = true;
            while (alive) {
                alive = false;
                for (Thread writer : writers) {
                    alive |= writer.isAlive();
                }
                events.addAll(RawEvents.read(buffer));
            }
            channel.flush();
            events.addAll(RawEvents.read(buffer));
            assertThat(events).isSortedAccordingTo((one, other) -> Long.compare(one.time(), other.time()));
            long accepted = channel.stats().getFirst().records();
            if (mode == ChannelMode.NO_OVERWRITE) {
                assertThat(events.stream().filter(event -> event.id() == BYTES)).hasSize((int) accepted);
                assertThat(accepted + channel.dropped()).isEqualTo((long) threads * each);
            } else {
                assertThat(accepted).isEqualTo((long) threads * each);
            }
        }
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedWithTheLimit() {
        assertThatThrownBy(() -> ChannelConfig.of(255, 4).withEvents(true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subbuf_size=255, limit=256 or more");
        assertThatThrownBy(() -> CONFIG.withPaddingHeader(8)).hasMessageContaining("a padding header of 8 bytes");
        assertThatThrownBy(() -> CONFIG.withCallbacks(new ChannelCallbacks() {}))
                .hasMessageContaining("callbacks");
        assertThatThrownBy(() -> CONFIG.withPlainDirectory(true)).hasMessageContaining("plain=1");
        assertThat(ChannelConfig.of(256, 1).withEvents(true).events()).isTrue();
    }

    @Test
    void thePayloadHasALimitOfItsOwn() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(2 << 20, 2).withGlobal(true).withEvents(true))) {
            assertThat(channel.write(new byte[1 << 20])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(channel.write(new byte[(1 << 20) - 1])).isEqualTo((1 << 20) - 1);
            assertThat(ofPrograms(channel.buffers().getFirst()).getFirst().payload())
                    .hasSize((1 << 20) - 1);
        }
    }
}
