package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;

class EventFilterTest {
    private static EventFilter filter(List<String> types, Level level, List<String> threads) {
        return new EventFilter(types, level, threads, Long.MIN_VALUE, Long.MAX_VALUE, null);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b,    a.b,   true",
        "a.b,    a.bc,  false",
        "*,      x,     true",
        "a*,     ab,    true",
        "*b,     ab,    true",
        "a*a,    a,     false",
        "a*a,    aa,    true",
        "*b*c*,  abdce, true",
        "*b*c*,  acb,   false",
        "*b*b,   ab,    false",
        "type-*, type-20, true"
    })
    void starsStandForAnyCharacters(String pattern, String name, boolean isTaken) {
        EventType type = name.startsWith("type-") ? null : EventType.named(name).build();
        assertEquals(
                isTaken, filter(List.of("nothing", pattern), null, List.of()).takesType(20, type));
    }

    @Test
    void aLevelTakesThoseAboveAndWhatHasNone() {
        EventFilter filter = filter(List.of(), Level.INFO, List.of());
        assertThat(filter.takesType(16, EventType.named("a").level(Level.DEBUG).build()))
                .isFalse();
        assertThat(filter.takesType(16, EventType.named("a").level(Level.WARN).build()))
                .isTrue();
        assertThat(filter.takesType(16, null)).isTrue();
    }

    @Test
    void threadsHaveNumbersAndNames() {
        EventFilter filter = filter(List.of(), null, List.of("main", "77", "x"));
        assertThat(filter.threads(Map.of(5L, "main", 3L, "main", 4L, "other"))).containsExactly(3, 5, 77);
        assertThat(filter(List.of(), null, List.of()).threads(Map.of())).isNull();
    }
}
