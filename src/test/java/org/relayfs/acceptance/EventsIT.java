package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.AttachedChannel;
import org.relayfs.ChannelConfig;
import org.relayfs.EventLog;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Outcome;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.RawEvents.Event;
import org.relayfs.testing.Sandbox;

/// A channel of events on a mount, and processes that write into it and die.
@MountTest
@Timeout(60)
class EventsIT {
    private static final int LOST = 0;
    private static final int TEXT = 1;
    private static final int SUB_BUFFER = 2;
    private static final int BYTES = 3;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    /// Writes as fast as it can, with a reservation that is always open, until it is killed.
    static final class Victim {
        private Victim() {}

        /// @param args the channel's folder
        public static void main(String[] args) throws IOException {
            AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]));
            Reservation reservation = channel.newReservation();
            channel.reserve(reservation, 24);
            System.out.println("reserved");
            for (byte[] record = bytes("victim"); ; ) {
                channel.write(record);
            }
        }
    }

    /// Registers types as fast as it can, until it is killed.
    static final class Registrar {
        private Registrar() {}

        /// @param args the channel's folder, and a name
        public static void main(String[] args) throws IOException {
            AttachedChannel channel = AttachedChannel.attach(Path.of(args[0]));
            for (int i = 0; ; i++) {
                channel.events()
                        .register(EventType.named(args[1] + i)
                                .field("n", FieldKind.I64)
                                .build())
                        .log(i);
                if (i == 20) {
                    System.out.println("registered");
                }
            }
        }
    }

    private List<Event> cat(String file) throws Exception {
        sandbox.sh("cat " + file + " > '" + sandbox.folder() + "/bytes'").succeeded();
        return RawEvents.parse(Files.readAllBytes(sandbox.folder().resolve("bytes")));
    }

    @Test
    void whatIsWrittenToFilesIsText() throws Exception {
        Relay relay = sandbox.mount();
        assertThat(sandbox.sh("""
                set -e
                echo create app global=1 format=events subbuf_size=4K file_mode=600 > control
                cat app/format
                echo one > app/write
                printf two > app/cpu0
                echo 1 > app/blocking_writes
                echo three > app/cpu0
                printf '\\377\\n' > app/write
                """).succeeded().out()).isEqualTo("events\n");
        relay.channel("app").orElseThrow().write(bytes("from Java"));
        List<Event> events = cat("app/cpu0");
        assertThat(events).extracting(Event::id).containsExactly(SUB_BUFFER, TEXT, TEXT, TEXT, BYTES, BYTES);
        assertThat(events.subList(1, 4)).extracting(Event::text).containsExactly("one", "two", "three");
        assertThat(events.get(4).payload()).containsExactly(0xFF, '\n');
        assertThat(events.get(5).text()).isEqualTo("from Java");
    }

    @Test
    void whatDoesNotGoWithEventsIsRefusedWithTheReason() throws Exception {
        sandbox.mount();
        sandbox.bash("echo create app format=events header=padding > control").failedSaying("Invalid argument");
        sandbox.bash("echo create app format=events subbuf_size=255 > control").failedSaying("Invalid argument");
        sandbox.bash("echo create app format=lines > control").failedSaying("Invalid argument");
        assertThat(sandbox.sh("grep -o 'limit=.*\\|format: events .*' error_log")
                        .out())
                .isEqualTo("""
                        format: events cannot be combined with a padding header of 8 bytes: each sub-buffer begins with an event
                        limit=256 or more
                        limit=records or events; write one of these
                        """);
    }

    @Test
    void theEventsOfKilledProcessesAreLostAndAllOthersThere() throws Exception {
        Relay relay = sandbox.mount();
        // Nobody is given up while he lives, however slow the machine: that would be a hole and no event.
        RelayChannel channel = relay.open(
                "app",
                ChannelConfig.of(1024, 8).withGlobal(true).withEvents(true).withAbandonAfterMs(600_000));
        ChannelBuffer buffer = channel.buffers().getFirst();
        List<Event> events = new ArrayList<>();
        int killed = 4;
        for (int i = 0; i < killed; i++) {
            try (Client victim = Client.startJava(Victim.class, channel.folder().toString())) {
                victim.awaitLine("reserved");
                for (int n = 0; n < 200; n++) {
                    channel.write(bytes("own"));
                    events.addAll(RawEvents.read(buffer));
                }
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            long wanted = i + 1L;
            while (lost(events) < wanted && System.nanoTime() < end) {
                channel.flush();
                events.addAll(RawEvents.read(buffer));
            }
            assertThat(lost(events)).isGreaterThanOrEqualTo(wanted);
        }
        assertThat(events).isSortedAccordingTo((one, other) -> Long.compare(one.time(), other.time()));
        long accepted = channel.stats().getFirst().records();
        assertThat(events.stream().filter(event -> event.id() == BYTES)).hasSize((int) accepted);
        assertThat(lost(events)).isEqualTo(channel.stats().getFirst().abandoned());
    }

    /// What a user types to see events; at any time, and whatever is still to come.
    @Test
    void babeltraceReadsWhatCatTakes() throws Exception {
        Relay relay = sandbox.mount();
        sandbox.sh("echo create app global=1 format=events subbuf_size=4K > control")
                .succeeded();
        RelayChannel channel = relay.channel("app").orElseThrow();
        EventLog request = channel.events()
                .register(EventType.named("request")
                        .level(Level.DEBUG)
                        .field("id", FieldKind.I64)
                        .field("bytes", FieldKind.U64)
                        .build());
        EventLog mixed = channel.events()
                .register(EventType.named("mixed")
                        .field("name", FieldKind.STRING)
                        .field("ratio", FieldKind.F64)
                        .field("data", FieldKind.BYTES)
                        .choice("level", Level.class)
                        .build());
        sandbox.sh("echo 'a line' > app/write").succeeded();
        assertThat(request.log(-7, 42)).isEqualTo(16);
        assertThat(mixed.begin()
                        .put("n\u00e4me")
                        .put(0.25)
                        .put(bytes("xy"))
                        .put(Level.WARN)
                        .commit())
                .isPositive();
        Reservation aborted = channel.newReservation();
        channel.reserve(aborted, 5);
        aborted.abort();
        channel.flush();
        String trace = babeltrace();
        assertThat(trace.lines().map(line -> line.replaceFirst("^\\[[^]]*] \\([^)]*\\) ", "")))
                .hasSize(6)
                .anyMatch(line -> line.contains("text:") && line.contains("text = \"a line\""))
                .anyMatch(line -> line.contains("request:") && line.contains("id = -7, bytes = 42"))
                .anyMatch(line -> line.contains("mixed:")
                        && line.contains("name = \"n\u00e4me\", ratio = 0.25")
                        && line.contains("\"WARN\""))
                .anyMatch(line -> line.contains("lost:"))
                .anyMatch(line -> line.contains("subbuffer:") && line.contains("position = 1"));
        // A type that is made meanwhile, and a buffer with nothing but its first event.
        EventLog later = channel.events()
                .register(EventType.named("later").field("n", FieldKind.I32).build());
        later.begin().put(5).commit();
        assertThat(babeltrace()).contains("later:").contains("n = 5");
    }

    private String babeltrace() throws Exception {
        assumeTrue(
                "1".equals(System.getenv("RELAYFS_REQUIRE_FUSE"))
                        || sandbox.sh("command -v babeltrace2").exit() == 0,
                "babeltrace2 is not installed");
        Babeltrace.assumeReadsRawStreams();
        Outcome outcome = sandbox.sh("""
                set -e
                t='%s/t'
                mkdir -p "$t"
                cat app/cpu0 > "$t/cpu0"
                cat app/metadata > "$t/metadata"
                LC_ALL=C.UTF-8 babeltrace2 "$t"
                """.formatted(sandbox.folder())).succeeded();
        assertThat(outcome.errors()).isEmpty();
        return new String(outcome.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aProcessThatIsKilledWhileItRegistersLeavesTheOthersTypes() throws Exception {
        Relay relay = sandbox.mount();
        sandbox.sh("echo create app global=1 format=events subbuf_size=4K mode=overwrite > control")
                .succeeded();
        RelayChannel channel = relay.channel("app").orElseThrow();
        int before = 0;
        for (String name : List.of("a", "b")) {
            try (Client victim =
                    Client.startJava(Registrar.class, channel.folder().toString(), name)) {
                victim.awaitLine("registered");
            }
            EventLog own =
                    channel.events().register(EventType.named("own." + name).build());
            assertThat(own.log()).isZero();
            assertThat(own.id()).isGreaterThanOrEqualTo(before + 21);
            before = own.id();
        }
        assertThat(channel.events().types().keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(16, before).boxed().toList());
        assertThat(channel.events().threads()).containsValue("main");
    }

    @Test
    void typesAreListedAndSwitched() throws Exception {
        Relay relay = sandbox.mount();
        assertThat(sandbox.sh("mkdir app; cat app/events app/metadata").out()).isEqualTo("");
        sandbox.sh("echo create app global=1 format=events subbuf_size=4K > control")
                .succeeded();
        RelayChannel channel = relay.channel("app").orElseThrow();
        EventLog debug = channel.events()
                .register(EventType.named("debug.step").level(Level.DEBUG).build());
        EventLog error = channel.events()
                .register(EventType.named("error").level(Level.ERROR).build());
        debug.log();
        error.log();
        error.log();
        assertThat(sandbox.sh("echo text > app/write; cat app/events").out()).isEqualTo("""
                level>=trace
                name id level state count
                text 1 info on 1
                bytes 3 info on 0
                debug.step 16 debug on 1
                error 17 error on 2
                """);
        assertThat(sandbox.sh(
                                "echo 'level>=info' > app/events; echo error off > app/events; cat app/events | tail -n 2; head -n 1 app/events")
                        .out())
                .isEqualTo("""
                        debug.step 16 debug off 1
                        error 17 error off 2
                        level>=info
                        """);
        assertThat(debug.isEnabled() || error.isEnabled()).isFalse();
        assertThat(sandbox.sh("echo debug.step on > app/events; tail -n 2 app/events")
                        .out())
                .isEqualTo("""
                debug.step 16 debug on 1
                error 17 error off 2
                """);
        assertThat(debug.isEnabled()).isTrue();
        sandbox.bash("echo other on > app/events").failedSaying("No such file or directory");
        sandbox.bash("echo error of > app/events").failedSaying("Invalid argument");
        sandbox.bash("echo 'level>=much' > app/events").failedSaying("Invalid argument");
        assertThat(sandbox.sh("grep -c limit= error_log").out()).isEqualTo("3\n");
    }

    private static long lost(List<Event> events) {
        return events.stream().filter(event -> event.id() == LOST).count();
    }
}
