package org.relayfs.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a type of events may be.
class EventTypeTest {
    private enum Method {
        GET,
        PUT
    }

    @Test
    void itIsWhatWasSaid() {
        EventType type = EventType.named("http.request")
                .level(Level.DEBUG)
                .field("id", FieldKind.I64)
                .choice("method", Method.class)
                .build();
        assertEquals("http.request", type.name());
        assertEquals(Level.DEBUG, type.level());
        assertEquals(
                List.of(new Field("id", FieldKind.I64), new Field("method", FieldKind.ENUM, List.of("GET", "PUT"))),
                type.fields());
        assertEquals("http.request(I64 id, ENUM method)", type.toString());
    }

    @Test
    void equalIfItSaysTheSame() {
        EventType type = EventType.named("a").field("x", FieldKind.U8).build();
        assertEquals(type, EventType.named("a").field("x", FieldKind.U8).build());
        assertEquals(
                type.hashCode(),
                EventType.named("a").field("x", FieldKind.U8).build().hashCode());
        assertNotEquals(type, EventType.named("a").field("x", FieldKind.I8).build());
        assertNotEquals(type, EventType.named("b").field("x", FieldKind.U8).build());
        assertNotEquals(
                type,
                EventType.named("a").level(Level.WARN).field("x", FieldKind.U8).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a\"", "ü", "a\n", "{}"})
    void namesThatWouldNotBeUnderstoodElsewhereAreRefused(String name) {
        EventTypeBuilder builder = EventType.named(name);
        assertThrows(IllegalArgumentException.class, builder::build);
        assertThrows(IllegalArgumentException.class, () -> new Field(name, FieldKind.U8));
    }

    @Test
    void lengthsHaveLimits() {
        assertEquals(127, EventType.named("a".repeat(127)).build().name().length());
        assertThrows(IllegalArgumentException.class, EventType.named("a".repeat(128))::build);
        assertEquals(63, new Field("a".repeat(63), FieldKind.U8).name().length());
        assertThrows(IllegalArgumentException.class, () -> new Field("a".repeat(64), FieldKind.U8));
        EventTypeBuilder builder = EventType.named("a");
        for (int i = 0; i < 64; i++) {
            builder.field("f" + i, FieldKind.U8);
        }
        assertEquals(64, builder.build().fields().size());
        builder.field("more", FieldKind.U8);
        assertThrows(IllegalArgumentException.class, builder::build);
    }

    @Test
    void twoFieldsOfOneNameAreRefused() {
        EventTypeBuilder builder = EventType.named("a").field("x", FieldKind.U8).field("x", FieldKind.I8);
        assertThrows(IllegalArgumentException.class, builder::build);
    }

    @Test
    void labelsAreForChoicesOnly() {
        assertThrows(IllegalArgumentException.class, () -> new Field("x", FieldKind.ENUM));
        assertThrows(IllegalArgumentException.class, () -> new Field("x", FieldKind.U8, List.of("a")));
        assertThrows(IllegalArgumentException.class, () -> new Field("x", FieldKind.ENUM, List.of("a", "a")));
        assertThrows(IllegalArgumentException.class, () -> new Field("x", FieldKind.ENUM, List.of("a\"")));
    }
}
