package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.layout.TypesFile;
import org.relayfs.linux.ThreadIds;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.RawEvents.Event;

/// Types of events: registered, switched, logged and counted.
class EventTypesTest {
    private static final int MUTATIONS = Integer.getInteger("relayfs.mutations", 200);

    private static final ChannelConfig CONFIG =
            ChannelConfig.of(4096, 4).withGlobal(true).withEvents(true).withMode(ChannelMode.OVERWRITE);
    private static final EventType PAIR = EventType.named("pair")
            .field("first", FieldKind.I64)
            .field("second", FieldKind.U64)
            .build();
    private static final EventType MIXED = EventType.named("mixed")
            .level(Level.WARN)
            .field("small", FieldKind.I8)
            .field("ratio", FieldKind.F64)
            .field("half", FieldKind.F32)
            .field("ok", FieldKind.BOOLEAN)
            .field("name", FieldKind.STRING)
            .field("data", FieldKind.BYTES)
            .choice("level", Level.class)
            .field("port", FieldKind.U16)
            .field("size", FieldKind.U32)
            .build();

    private static EventType named(String name) {
        return EventType.named(name).field("value", FieldKind.I64).build();
    }

    private static List<Event> registered(ChannelBuffer buffer) {
        return RawEvents.read(buffer).stream().filter(event -> event.id() >= 16).toList();
    }

    @Test
    void eventsOfLongsAreLoggedAsTheyAre() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            EventLog pair = channel.events().register(PAIR);
            EventLog one = channel.events().register(named("one"));
            EventLog none = channel.events().register(EventType.named("none").build());
            assertThat(pair.log(1, -2)).isEqualTo(16);
            assertThat(one.log(3)).isEqualTo(8);
            assertThat(none.log()).isZero();
            assertThat(pair.log(4, 5)).isEqualTo(16);
            List<Event> events = registered(channel.buffers().getFirst());
            assertThat(events).extracting(Event::id).containsExactly(16, 17, 18, 16);
            assertThat(events.get(0).word(0)).isEqualTo(1);
            assertThat(events.get(0).word(8)).isEqualTo(-2);
            assertThat(events.get(1).word(0)).isEqualTo(3);
            assertThat(events.get(2).payload()).isEmpty();
            assertThatThrownBy(() -> pair.log(1)).hasMessageContaining("event=pair(I64 first, U64 second)");
            assertThat(none.begin().commit()).isZero();
        }
    }

    @Test
    void aBuilderPutsFieldsOneAfterTheOther() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            EventLog mixed = channel.events().register(MIXED);
            int length = mixed.begin()
                    .put(-1)
                    .put(1.5)
                    .put(0.5)
                    .put(true)
                    .put("a\0\u00e4\u20ac\ud83d\ude00\ud83d")
                    .put(bytes("xyz"))
                    .put(Level.ERROR)
                    .put(65535)
                    .put(0xFFFF_FFFFL)
                    .commit();
            byte[] text = "a\ufffd\u00e4\u20ac\ud83d\ude00?\0".getBytes(StandardCharsets.UTF_8);
            ByteBuffer expected = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            expected.put((byte) -1).putDouble(1.5).putFloat(0.5f).put((byte) 1).put(text);
            expected.putInt(3)
                    .put(bytes("xyz"))
                    .putShort((short) 4)
                    .putShort((short) -1)
                    .putInt(-1);
            assertThat(registered(channel.buffers().getFirst()).getFirst().payload())
                    .isEqualTo(expected.array());
            String longText = "x".repeat(1000);
            EventLog words = channel.events()
                    .register(EventType.named("words")
                            .field("text", FieldKind.STRING)
                            .build());
            assertThat(words.begin().put(longText).commit()).isEqualTo(1001);
            assertThat(words.begin().put("y".repeat(4096)).commit()).isEqualTo(WriteResult.TOO_BIG);
            assertThat(words.begin().put("y".repeat(2 << 20)).commit()).isEqualTo(WriteResult.TOO_BIG);
            assertThat(words.begin().put((CharSequence) null).commit()).isEqualTo(1);
            assertThat(registered(channel.buffers().getFirst()))
                    .extracting(Event::text)
                    .containsExactly(longText + "\0", "\0");
        }
    }

    @Test
    void fieldsThatDoNotFitTheTypeAreRefused() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            EventLog one = channel.events().register(named("one"));
            assertThatThrownBy(() -> one.begin().put("text"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("event=one(I64 value), given=a text, expected=I64 value");
            assertThatThrownBy(() -> one.begin().commit()).hasMessageContaining("expected=I64 value");
            assertThatThrownBy(() -> one.begin().put(1).put(2)).hasMessageContaining("expected=commit()");
            EventBuilder done = one.begin().put(1);
            assertThat(done.commit()).isEqualTo(8);
            assertThatThrownBy(done::commit).hasMessageContaining("expected=begin()");
            // One within another.
            EventBuilder outer = one.begin().put(2);
            assertThat(one.begin().put(3).commit()).isEqualTo(8);
            assertThat(outer.commit()).isEqualTo(8);
            assertThat(registered(channel.buffers().getFirst()))
                    .extracting(event -> event.word(0))
                    .containsExactly(1L, 3L, 2L);
        }
    }

    @Test
    void allProcessesKnowTheTypesAndTheirSwitches() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG);
                AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
            EventLog pair = channel.events().register(PAIR);
            EventLog mixed = attached.events().register(MIXED);
            assertThat(attached.events().register(PAIR).id())
                    .isEqualTo(pair.id())
                    .isEqualTo(16);
            assertThat(channel.events().types()).containsExactly(Map.entry(16, PAIR), Map.entry(17, MIXED));
            assertThat(attached.events().types()).isEqualTo(channel.events().types());
            assertThatThrownBy(() -> attached.events().register(named("pair")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pair(I64 value)")
                    .hasMessageContaining("pair(I64 first, U64 second)");
            assertThatThrownBy(() -> channel.events().register(named("text"))).hasMessageContaining("built in");

            channel.events().setLevel(Level.WARN);
            assertThat(attached.events().level()).isEqualTo(Level.WARN);
            assertThat(pair.isEnabled()).isFalse();
            assertThat(mixed.isEnabled()).isTrue();
            assertThat(pair.log(1, 2)).isEqualTo(WriteResult.DISABLED);
            EventLog later = attached.events().register(named("later"));
            assertThat(later.log(1)).isEqualTo(WriteResult.DISABLED);
            assertThat(later.begin().put(1).commit()).isEqualTo(WriteResult.DISABLED);
            attached.events().setOn("later", true);
            assertThat(later.log(1)).isEqualTo(8);
            channel.events().setOn("mixed", false);
            assertThat(mixed.isEnabled()).isFalse();
            channel.events().setLevel(Level.TRACE);
            assertThat(mixed.isEnabled()).isFalse();
            assertThat(pair.log(1, 2)).isEqualTo(16);
            assertThatThrownBy(() -> channel.events().setOn("other", true)).hasMessageContaining("name=other");
        }
    }

    @Test
    void whatIsLoggedIsCountedExactlyByWhomever() throws Exception {
        int threads = 4;
        int each = 20_000;
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG);
                AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
            EventLog own = channel.events().register(PAIR);
            EventLog others = attached.events().register(PAIR);
            EventLog rare = channel.events().register(named("rare"));
            AtomicInteger accepted = new AtomicInteger();
            Thread[] writers = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                EventLog log = i % 2 == 0 ? own : others;
                Runnable body = () -> {
                    for (int n = 0; n < each; n++) {
                        accepted.addAndGet(log.log(n, n) == 16 ? 1 : 0);
                    }
                };
                writers[i] = i == 3 ? Thread.startVirtualThread(body) : new Thread(body, "writer " + i);
                if (i != 3) {
                    writers[i].start();
                }
            }
            channel.resize(8192, 4);
            rare.log(1);
            for (Thread writer : writers) {
                writer.join();
            }
            channel.write(bytes("some"));
            attached.write(bytes("more"));
            long[] counts = channel.events().counts();
            assertThat(counts).hasSize(18);
            assertThat(counts[16]).isEqualTo(accepted.get()).isPositive();
            assertThat(counts[17]).isEqualTo(1);
            assertThat(counts[3]).isEqualTo(2);
            assertThat(attached.events().counts()).isEqualTo(counts);
            assertThat(channel.events().threads())
                    .containsValues("writer 0", "writer 1", "writer 2")
                    .containsEntry(
                            Integer.toUnsignedLong(ThreadIds.current()),
                            Thread.currentThread().getName());
        }
    }

    @Test
    void thereIsRoomForEveryIdAndNoMore() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            EventLog last = null;
            for (int i = 16; i < 4096; i++) {
                last = channel.events().register(named("type" + i));
                assertThat(last.id()).isEqualTo(i);
            }
            assertThat(last.log(7)).isEqualTo(8);
            assertThat(channel.events().counts()[4095]).isEqualTo(1);
            assertThatThrownBy(() -> channel.events().register(named("another")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("count=4080, limit=4080");
            assertThat(channel.events().register(named("type16")).id()).isEqualTo(16);
        }
    }

    @Test
    void aLogThatCannotBeIsNotBelieved() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            channel.events().register(PAIR);
            Path file = channel.folder().resolve("types");
            long seed = System.nanoTime();
            SplittableRandom random = new SplittableRandom(seed);
            try (FileChannel types = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer before = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
                types.read(before, TypesFile.LOG_OFFSET);
                for (int round = 0; round < MUTATIONS; round++) {
                    ByteBuffer mutated = ByteBuffer.wrap(before.array().clone());
                    for (int i = random.nextInt(1, 4); i > 0; i--) {
                        mutated.put(random.nextInt(100), (byte) random.nextInt());
                    }
                    types.write(mutated, TypesFile.LOG_OFFSET);
                    long end = random.nextBoolean() ? random.nextLong() : random.nextLong(200);
                    types.write(
                            ByteBuffer.allocate(8)
                                    .order(ByteOrder.nativeOrder())
                                    .putLong(0, end),
                            TypesFile.LOG_END_OFFSET);
                    try (AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
                        assertThat(attached.events().types())
                                .as("seed %d", seed)
                                .hasSizeLessThanOrEqualTo(10);
                        attached.events().threads();
                        if (round % 50 == 0) {
                            attached.events().register(named("new" + round));
                        }
                    } catch (IOException e) {
                        assertThat(e).as("seed %d", seed).hasMessageContaining(file.toString());
                    }
                }
            }
        }
    }

    @Test
    void aChannelOfRecordsHasNone() throws IOException {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("plain", ChannelConfig.of(4096, 4))) {
            assertThatThrownBy(channel::events)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("channel plain");
        }
    }
}
