package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.layout.TypesFile;
import org.relayfs.testing.DeadOwner;
import org.relayfs.testing.RawEvents;

/// The types of a channel of events, when another relay takes the channel over.
@Timeout(60)
class AdoptedEventsTest {
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(4096, 4).withGlobal(true).withEvents(true);
    private static final EventType PAIR = EventType.named("pair")
            .field("id", FieldKind.I64)
            .field("bytes", FieldKind.I64)
            .build();
    private static final EventType DETAIL = EventType.named("detail")
            .level(Level.DEBUG)
            .field("n", FieldKind.U64)
            .build();

    private Relay before;
    private Relay after;

    @BeforeEach
    void open() throws IOException {
        before = Relay.create();
        after = Relay.create();
    }

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private Events leave() throws IOException {
        Events events = before.open("app", CONFIG).events();
        EventLog pair = events.register(PAIR);
        EventLog detail = events.register(DETAIL);
        pair.log(1, 2);
        pair.log(3, 4);
        detail.log(5);
        events.setLevel(Level.INFO);
        events.setOn("pair", false);
        return events;
    }

    @Test
    void typesSwitchesCountsAndNamesAreWhatTheyWere() throws IOException {
        Events was = leave();
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            assertThat(after.adopt(dead.folder()).left()).isEmpty();
            RelayChannel channel = after.channel("app").orElseThrow();
            Events is = channel.events();
            assertThat(is.types()).isEqualTo(was.types()).hasSize(2);
            assertThat(is.level()).isEqualTo(Level.INFO);
            assertThat(is.counts()).isEqualTo(was.counts());
            assertThat(is.threads()).isEqualTo(was.threads()).isNotEmpty();
            EventLog pair = is.register(PAIR);
            EventLog detail = is.register(DETAIL);
            assertThat(pair.log(5, 6)).as("switched off by name").isEqualTo(WriteResult.DISABLED);
            assertThat(detail.log(5)).as("below the level").isEqualTo(WriteResult.DISABLED);
            is.setOn("pair", true);
            assertThat(pair.log(7, 8)).isEqualTo(16);
            assertThat(is.counts()[pair.id()]).isEqualTo(3);
            assertThat(RawEvents.read(channel.buffers().getFirst()).stream().filter(event -> event.id() == pair.id()))
                    .hasSize(3);
        }
    }

    /// Words that cannot be, and a file that is not whole: the channel is left as it is, and the one beside it is
    /// taken over.
    @ParameterizedTest
    @ValueSource(
            strings = {"end -1", "end 5000000", "end 24", "level 5", "level -1", "version 9", "short", "gone", "link"})
    void whatIsDamagedIsLeft(String what) throws IOException {
        leave();
        before.open("beside", CONFIG.withEvents(false)).write(bytes("beside"));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            damage(dead.channel("app").resolve("types"), what);
            Adoption adoption = after.adopt(dead.folder());
            assertThat(adoption.left()).as(what).hasSize(1);
            assertThat(adoption.left().toString()).contains("types");
            assertThat(after.channel("app")).isEmpty();
            assertThat(after.channel("beside")).isPresent();
        }
    }

    private static void damage(Path types, String what) throws IOException {
        long value = what.contains(" ") ? Long.parseLong(what.substring(what.indexOf(' ') + 1)) : 0;
        switch (what.split(" ")[0]) {
            case "end" -> DeadOwner.put(types, TypesFile.LOG_END_OFFSET, value);
            case "level" -> DeadOwner.put(types, TypesFile.LEVEL_OFFSET, value);
            case "version" -> DeadOwner.put(types, TypesFile.VERSION_OFFSET, value);
            case "short" -> setLength(types, TypesFile.SIZE - 1);
            case "gone" -> Files.delete(types);
            default -> {
                Files.move(types, types.resolveSibling("other"));
                Files.createSymbolicLink(types, types.resolveSibling("other"));
            }
        }
    }

    private static void setLength(Path file, long length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        }
    }
}
