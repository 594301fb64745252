package org.relayfs.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class TimeSpanTest {
    @ParameterizedTest
    @CsvSource({
        "10, 10000",
        "1.5, 1500",
        "0.001, 1",
        "10s, 10000",
        "5m, 300000",
        "2h, 7200000",
        "1d, 86400000",
        "0.5d, 43200000",
        "366d, 31622400000"
    })
    void isReadAsSleepDoes(String text, long millis) {
        assertThat(new TimeSpan().convert(text).toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "0s", "0.0001", "-1", "+1", "x", "1w", "1.", "1 s", "366.001d", "367d", "99999999d"})
    void allElseIsRefused(String text) {
        assertThatThrownBy(() -> new TimeSpan().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is no time of 1 ms to 366 days");
    }
}
