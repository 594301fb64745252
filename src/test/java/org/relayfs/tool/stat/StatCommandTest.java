package org.relayfs.tool.stat;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class StatCommandTest {
    private static void parse(String... words) {
        new CommandLine(new StatCommand()).parseArgs(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1", "1", "86400"})
    void intervalsUpToADayAreTaken(String seconds) {
        assertThatCode(() -> parse("--watch", seconds)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.09", "0", "86400.5", "86401"})
    void othersAreRefusedWithTheLimit(String seconds) {
        assertThatThrownBy(() -> parse("--watch", seconds))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("seconds=" + seconds + ", limit=0.1 to 86400");
    }
}
