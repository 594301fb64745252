package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.testing.RawEvents;

/// Instances of record classes as events.
@Timeout(60)
class RecordLogTest {
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(4096, 4).withGlobal(true).withEvents(true);

    private final Relay relay = Relay.create();
    private final RelayChannel channel = relay.open("app", CONFIG);

    RecordLogTest() throws IOException {}

    @AfterEach
    void close() {
        relay.close();
    }

    /// Each kind of component.
    private record All(
            long id,
            int n,
            short port,
            byte small,
            char letter,
            double ratio,
            float half,
            boolean ok,
            String path,
            CharSequence more,
            byte[] data,
            Level level) {}

    private record Unknown(List<String> names) {}

    private List<RawEvents.Event> logged(int id) {
        return RawEvents.read(channel.buffers().getFirst()).stream()
                .filter(event -> event.id() == id)
                .toList();
    }

    @Test
    void aTypeHasTheComponents() {
        EventType type = EventType.of(All.class, Level.WARN);
        assertThat(type.name()).isEqualTo("All");
        assertThat(type.level()).isEqualTo(Level.WARN);
        assertThat(type.fields())
                .extracting(field -> field.name() + " " + field.kind())
                .containsExactly(
                        "id I64",
                        "n I32",
                        "port I16",
                        "small I8",
                        "letter U16",
                        "ratio F64",
                        "half F32",
                        "ok BOOLEAN",
                        "path STRING",
                        "more STRING",
                        "data BYTES",
                        "level ENUM");
        assertThat(type.fields().getLast().labels()).containsExactly("TRACE", "DEBUG", "INFO", "WARN", "ERROR");
        assertThat(EventType.of(All.class).level()).isEqualTo(Level.INFO);
        assertThatThrownBy(() -> EventType.of(Unknown.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name=names, type=java.util.List, limit=a primitive type");
    }

    /// The same bytes as of a type that was made by hand, and given field by field.
    @Test
    void anInstanceIsLoggedAsItsFields() throws IOException {
        RecordLog<All> all = channel.events().register(MethodHandles.lookup(), All.class);
        byte[] data = {1, 2, 3};
        all.log(new All(1, -2, (short) 3, (byte) -4, 'e', 0.5, 0.25f, true, "/päth", "more", data, Level.WARN));
        EventLog byHand = channel.events().register(EventType.of(All.class));
        assertThat(byHand.id()).isEqualTo(all.events().id());
        byHand.begin()
                .put(1)
                .put(-2)
                .put(3)
                .put(-4)
                .put('e')
                .put(0.5)
                .put(0.25)
                .put(true)
                .put("/päth")
                .put("more")
                .put(data)
                .put(Level.WARN)
                .commit();
        List<RawEvents.Event> events = logged(byHand.id());
        assertThat(events).hasSize(2);
        assertThat(events.get(0).payload()).isEqualTo(events.get(1).payload()).hasSizeGreaterThan(40);
    }

    @Test
    void whatIsNullOrOffIsNotLogged() throws IOException {
        record Pair(String text, Level level) {}
        RecordLog<Pair> pairs = channel.events().register(MethodHandles.lookup(), Pair.class);
        assertThat(pairs.log(new Pair(null, Level.INFO))).isEqualTo(1 + FieldKind.ENUM.size());
        assertThatThrownBy(() -> pairs.log(new Pair("x", null))).isInstanceOf(NullPointerException.class);
        assertThat(pairs.log(new Pair("", Level.INFO))).isEqualTo(1 + FieldKind.ENUM.size());
        channel.events().setOn("Pair", false);
        assertThat(pairs.log(new Pair("x", Level.INFO))).isEqualTo(WriteResult.DISABLED);
        assertThat(logged(pairs.events().id())).hasSize(2);
    }

    @Test
    void aLookupThatDoesNotSeeTheClassIsRefused() {
        assertThatThrownBy(() -> channel.events().register(MethodHandles.publicLookup(), All.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give MethodHandles.lookup()");
    }
}
