package org.relayfs.tool.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SystemChecksTest {
    @ParameterizedTest
    @CsvSource({
        "6.9, true",
        "6.9.0-rc1, true",
        "6.10.3-generic, true",
        "7.0, true",
        "10.1, true",
        "6.8.12, false",
        "6.0, false",
        "5.19, false",
        "5.9, false",
        "6, false",
        "next, false",
    })
    void aReleaseIsOldOrNewByItsFirstTwoNumbers(String release, boolean newEnough) {
        assertThat(SystemChecks.isAtLeast(release, 6, 9)).isEqualTo(newEnough);
    }

    @Test
    void theObstacleIsTheFirstThatIsBad() {
        List<Finding> findings = List.of(
                Finding.ok("a", "works"),
                Finding.note("b", "slow", "wait"),
                Finding.left("c", "left", "clean"),
                Finding.bad("d", "broken", "mend"),
                Finding.bad("e", "gone", "find"));
        assertThat(SystemChecks.obstacleIn(findings)).hasValue("broken; remedy: mend");
        assertThat(SystemChecks.obstacleIn(findings.subList(0, 3))).isEmpty();
    }
}
