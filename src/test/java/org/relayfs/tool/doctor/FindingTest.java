package org.relayfs.tool.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FindingTest {
    private static final Finding OK = Finding.ok("what", "text");
    private static final Finding NOTE = Finding.note("what", "text", "remedy");
    private static final Finding LEFT = Finding.left("what", "text", "remedy");
    private static final Finding BAD = Finding.bad("what", "text", "remedy");

    @Test
    void theExitCodeIsThatOfTheWorst() {
        assertThat(DoctorCommand.exitCode(List.of())).isZero();
        assertThat(DoctorCommand.exitCode(List.of(OK, NOTE))).isZero();
        assertThat(DoctorCommand.exitCode(List.of(LEFT, OK, NOTE))).isEqualTo(4);
        assertThat(DoctorCommand.exitCode(List.of(LEFT, BAD, OK))).isEqualTo(2);
    }

    @Test
    void programsGetTheSameWords() {
        assertThat(BAD.fields())
                .containsExactly(
                        Map.entry("level", "bad"),
                        Map.entry("what", "what"),
                        Map.entry("text", "text"),
                        Map.entry("remedy", "remedy"));
        assertThat(OK.fields()).containsEntry("level", "ok").containsEntry("remedy", null);
    }

    @Test
    void whatKeepsNothingFromWorkingStaysWithItsRemedy() {
        assertThat(BAD.asNote()).isEqualTo(NOTE);
    }
}
