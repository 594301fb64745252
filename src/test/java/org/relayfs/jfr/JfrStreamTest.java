package org.relayfs.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.relayfs.testing.Text.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.testing.Client;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.RawEvents.Event;

/// JFR's own recording of the same run is what the events in the channel are compared with.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class JfrStreamTest {
    private static final String COLLECTION = "jdk.GarbageCollection";
    private static final String PHASE = "jdk.GCPhasePause";
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(1 << 20, 8).withGlobal(true).withEvents(true);

    @TempDir
    private Path folder;

    /// The stack of a test is long, and fills buffers.
    private static Map<String, String> withoutStacks(String... names) {
        Map<String, String> settings = new HashMap<>(JfrStream.only(names));
        for (String name : names) {
            settings.put(name + "#stackTrace", "false");
        }
        return settings;
    }

    /// {@return the times at which events began, of each type}
    private static Map<String, List<Long>> logged(RelayChannel channel) {
        Map<Integer, EventType> types = channel.events().types();
        Map<String, List<Long>> result = new TreeMap<>();
        for (ChannelBuffer buffer : channel.buffers()) {
            for (Event event : RawEvents.read(buffer)) {
                if (types.containsKey(event.id())) {
                    result.computeIfAbsent(types.get(event.id()).name(), _ -> new ArrayList<>())
                            .add(event.word(0));
                }
            }
        }
        result.values().forEach(times -> times.sort(null));
        return result;
    }

    private static Map<String, List<Long>> recorded(Path file, Instant since, Instant until) throws Exception {
        Map<String, List<Long>> result = new TreeMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (!event.getStartTime().isBefore(since) && event.getStartTime().isBefore(until)) {
                result.computeIfAbsent(event.getEventType().getName(), _ -> new ArrayList<>())
                        .add(JfrTime.nanos(event.getStartTime()));
            }
        }
        result.values().forEach(times -> times.sort(null));
        return result;
    }

    /// The clock of a stream may differ from that of a file by some hundred nanoseconds.
    private static void assertSame(Map<String, List<Long>> found, Map<String, List<Long>> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((type, times) -> {
            assertThat(found.get(type)).as(type).hasSameSizeAs(times);
            for (int i = 0; i < times.size(); i++) {
                assertThat(found.get(type).get(i)).as(type).isCloseTo(times.get(i), within(1_000_000L));
            }
        });
    }

    @Test
    void whatTheChannelHasIsWhatJfrHasRecordedUntilItsEnd() throws Exception {
        Map<String, String> settings = withoutStacks(Work.NAME, COLLECTION, PHASE);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", CONFIG);
                Recording recording = new Recording()) {
            recording.setSettings(settings);
            recording.start();
            Instant since;
            Instant until;
            JfrStream stream = JfrStream.record(channel.events(), settings);
            try (stream) {
                since = Instant.now();
                for (int i = 0; i < 10_000; i++) {
                    Work.done(i);
                }
                System.gc();
                Work.done(10_000); // just before the end
                until = Instant.now();
            }
            recording.stop();
            Path file = folder.resolve("own.jfr");
            recording.dump(file);
            Map<String, List<Long>> expected = recorded(file, since, until);
            assertThat(stream.refused()).isZero();
            Map<String, List<Long>> found = logged(channel);
            long first = JfrTime.nanos(since);
            long last = JfrTime.nanos(until);
            found.values().forEach(times -> times.removeIf(time -> time < first || time >= last));
            assertThat(expected.get(Work.NAME)).hasSize(10_001);
            assertThat(expected).containsKeys(COLLECTION, PHASE);
            assertSame(found, expected);
        }
    }

    @Test
    void fieldsHaveTheirKindsAndValues() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", CONFIG)) {
            Map<String, String> settings = new HashMap<>(JfrStream.only(Work.NAME));
            settings.put(Work.NAME + "#stackTrace", "true");
            long before = JfrTime.nanos(Instant.now());
            try (JfrStream stream = JfrStream.record(channel.events(), settings)) {
                Work.done(4);
                Work.done(5);
                assertThat(stream.refused()).isZero();
            }
            EventType type = channel.events().types().values().stream()
                    .filter(one -> one.name().equals(Work.NAME))
                    .findFirst()
                    .orElseThrow();
            assertThat(type)
                    .hasToString("test.Work(I64 startTime, I64 duration, STRING eventThread, STRING stackTrace, "
                            + "STRING text, I32 number, U8 small, F64 ratio, BOOLEAN flag, STRING letter, I64 pause, "
                            + "STRING type, STRING worker)");
            List<Event> events = RawEvents.read(channel.buffers().getFirst()).stream()
                    .filter(event -> event.id() >= 16)
                    .toList();
            assertThat(events).hasSize(2);
            ByteBuffer payload = ByteBuffer.wrap(events.getFirst().payload()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(payload.getLong()).isBetween(before - 1_000_000, JfrTime.nanos(Instant.now()));
            assertThat(payload.getLong()).isBetween(0L, TimeUnit.MINUTES.toNanos(1));
            assertThat(string(payload)).isEqualTo(Thread.currentThread().getName());
            assertThat(string(payload))
                    .matches("(?s)org.relayfs.jfr.Work.done:\\d+\norg.relayfs.jfr.JfrStreamTest.fields.*");
            assertThat(string(payload)).isEqualTo("text 4");
            assertThat(payload.getInt()).isEqualTo(4);
            assertThat(payload.get()).isEqualTo((byte) 200);
            assertThat(payload.getDouble()).isEqualTo(1.5);
            assertThat(payload.get()).isEqualTo((byte) 1);
            assertThat(string(payload)).isEqualTo("é");
            assertThat(payload.getLong()).isEqualTo(3_000_000);
            assertThat(string(payload)).isEqualTo("java.lang.String");
            assertThat(string(payload)).isEqualTo(Thread.currentThread().getName());
            assertThat(payload.remaining()).isZero();
        }
    }

    private static String string(ByteBuffer payload) {
        int end = payload.position();
        while (payload.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - payload.position()];
        payload.get(text).get();
        return new String(text, StandardCharsets.UTF_8);
    }

    @Test
    void everyTypeOfTheJdkHasOneInTheChannel() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", CONFIG)) {
            List<jdk.jfr.EventType> all = FlightRecorder.getFlightRecorder().getEventTypes();
            for (jdk.jfr.EventType type : all) {
                JfrType.register(channel.events(), type);
            }
            assertThat(channel.events().types().values().stream().map(EventType::name))
                    .containsAll(all.stream().map(jdk.jfr.EventType::getName).toList());
        }
    }

    @Test
    void allThatJfrRecordsByDefaultIsAccepted() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", CONFIG)) {
            JfrStream stream = JfrStream.record(
                    channel.events(), Configuration.getConfiguration("profile").getSettings());
            try (stream) {
                System.gc();
            }
            assertThat(stream.refused()).isZero();
            assertThat(stream.logged()).isEqualTo(channel.stats().getFirst().records());
            assertThat(logged(channel)).containsKeys(COLLECTION, PHASE, "jdk.JVMInformation");
        }
    }

    /// Nobody reads: what is left waits once, not each by itself.
    @Test
    void theEndIsNotPutOffByEachEvent() throws Exception {
        ChannelConfig small = ChannelConfig.of(4096, 2).withGlobal(true).withEvents(true);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", small)) {
            JfrStream stream = JfrStream.record(channel.events(), withoutStacks(Work.NAME), Duration.ofSeconds(1));
            for (int i = 0; i < 1000; i++) {
                Work.done(i);
            }
            stream.close(); // within the test's limit: one by one, it would take a quarter of an hour
            assertThat(stream.refused()).isPositive();
            assertThat(stream.logged() + stream.refused()).isEqualTo(1000);
        }
    }

    /// The channel holds some forty events at a time, and its reader takes them out as they come.
    @Test
    void aFullChannelIsWaitedFor() throws Exception {
        ChannelConfig small = ChannelConfig.of(4096, 2).withGlobal(true).withEvents(true);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", small)) {
            AtomicBoolean ended = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
                while (!ended.get()) {
                    if (channel.buffers().getFirst().read(bytes, 0, 4096) <= 0) {
                        Thread.onSpinWait();
                    }
                }
            });
            try (JfrStream stream =
                    JfrStream.record(channel.events(), withoutStacks(Work.NAME), Duration.ofSeconds(30))) {
                for (int i = 0; i < 1000; i++) {
                    Work.done(i);
                }
                stream.close();
                assertThat(stream.refused()).isZero();
                assertThat(stream.logged()).isEqualTo(1000);
            } finally {
                ended.set(true);
                reader.join();
            }
        }
    }

    @Test
    void whatTheChannelRefusesIsCounted() throws Exception {
        ChannelConfig small = ChannelConfig.of(4096, 2).withGlobal(true).withEvents(true);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", small);
                RelayChannel other = relay.open("other", CONFIG)) {
            JfrStream stream = JfrStream.record(channel.events(), withoutStacks(Work.NAME));
            other.events()
                    .register(EventType.named(Work.NAME)
                            .field("else", FieldKind.I8)
                            .build());
            JfrStream clash = JfrStream.record(other.events(), withoutStacks(Work.NAME));
            try (stream;
                    clash) {
                for (int i = 0; i < 1000; i++) {
                    Work.done(i);
                }
            }
            assertThat(stream.logged()).isPositive().isLessThan(1000);
            assertThat(stream.logged() + stream.refused()).isEqualTo(1000);
            assertThat(channel.dropped()).isEqualTo(stream.refused());
            assertThat(clash.logged()).isZero();
            assertThat(clash.refused()).isEqualTo(1000);
        }
    }

    @Test
    void theRecordingOfAnotherJvmIsFollowedToItsEnd() throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Path file = folder.resolve("its.jfr");
        Path repository = Files.createDirectory(folder.resolve("repository"));
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("jfr", CONFIG);
                Client program = Client.startJava(WorkingProgram.class)) {
            program.awaitReady();
            Client.shell(
                    "\"$1\" $2 JFR.configure repositorypath=\"$3\" preserve-repository=true && "
                            + "\"$1\" $2 JFR.start filename=\"$4\" test.Work#enabled=true test.Work#threshold=0ms",
                    jcmd,
                    program.pid(),
                    repository,
                    file);
            JfrStream stream = JfrStream.follow(channel.events(), repository);
            try (stream) {
                assertThat(stream.await(Duration.ofMillis(1))).isFalse();
                program.input().write(bytes("\n"));
                program.input().close();
                program.awaitSuccess();
                assertThat(stream.await(Duration.ofSeconds(60))).isTrue();
            }
            assertThat(stream.refused()).isZero();
            Map<String, List<Long>> expected = recorded(file, Instant.EPOCH, Instant.MAX);
            assertThat(expected.get(Work.NAME)).hasSize(WorkingProgram.COUNT);
            assertThat(expected).containsKeys(COLLECTION, PHASE);
            assertSame(logged(channel), expected);
        }
    }
}
