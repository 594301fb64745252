package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.tool.cli.ToolException;

class TimeOfDayTest {
    private static final long SECOND = 1_000_000_000L;
    private final TimeOfDay berlin = new TimeOfDay(ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "1700000000000000000,  2023-11-14 23:13:20.000000000",
        "1700000040000000001,  2023-11-14 23:14:00.000000001",
        "-1,                   1970-01-01 00:59:59.999999999",
        "9223372036854775807,  2262-04-12 01:47:16.854775807",
        "-9223372036854775808, 1677-09-21 01:06:11.145224192"
    })
    void eachTimeHasItsText(long time, String expected) {
        StringBuilder text = new StringBuilder();
        berlin.append(time, text);
        assertEquals(expected, text.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, +0.000000000", "1500000001, +1.500000001", "-1, -0.000000001", "-2000000000, -2.000000000"})
    void spansAreSeconds(long span, String expected) {
        StringBuilder text = new StringBuilder();
        TimeOfDay.appendSpan(span, text);
        assertEquals(expected, text.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "2023-11-14 23:13,             1699999980000000000",
        "2023-11-14T23:13:20.5,        1700000000500000000",
        "2023-11-14T22:13:20Z,         1700000000000000000",
        "2023-11-14T22:13:20+00:00,    1700000000000000000",
        "@1700000000.000000001,        1700000000000000001",
        "@-0.5,                        -500000000"
    })
    void timesAreRead(String text, long expected) throws Exception {
        assertEquals(expected, berlin.parse("--since", text));
    }

    @Test
    void aTimeWithoutADateIsToday() throws Exception {
        TimeOfDay utc = new TimeOfDay(ZoneOffset.UTC);
        long before = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        long time = utc.parse("--since", "00:00:01");
        long after = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        assertEquals(before == after ? before * 86_400 + 1 : time / SECOND, time / SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "@", "@x", "@1e99999999", "@99999999999", "25:00", "2023-13-01T00:00", "18"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> berlin.parse("--since", text))
                .isInstanceOf(ToolException.class)
                .hasMessageStartingWith("--since: '" + text + "' is no time; write for example 18:30");
    }
}
