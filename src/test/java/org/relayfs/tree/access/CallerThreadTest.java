package org.relayfs.tree.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CallerThreadTest {
    private static final String AFTER_COMMAND =
            " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 7 0";

    @Test
    void theProcessorIsField39() {
        assertThat(CallerThread.parseProcessor("42 (cat)" + AFTER_COMMAND)).isEqualTo(7);
    }

    @Test
    void aCommandMayHoldParenthesesAndSpaces() {
        assertThat(CallerThread.parseProcessor("42 (a) b (c 1 2 3)" + AFTER_COMMAND))
                .isEqualTo(7);
    }

    @Test
    void aThreadThatCannotBeSeenHasNoCpu() {
        assertThat(CallerThread.cpu(new Caller(0, 0, 0))).isEqualTo(-1);
        assertThat(CallerThread.cpu(new Caller(0, 0, Integer.MAX_VALUE))).isEqualTo(-1);
        assertThat(CallerThread.parseProcessor("")).isEqualTo(-1);
        assertThat(CallerThread.parseProcessor("1 (x) R 1 2")).isEqualTo(-1);
    }

    @Test
    void aLivingThreadHasTheCpuThatItRunsOn() throws Exception {
        int thread = Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        assertThat(CallerThread.cpu(new Caller(0, 0, thread))).isBetween(0, Integer.parseInt(lastCpu()));
    }

    @Test
    void supplementaryGroupsCount() {
        String status = "Name:\tcat\nUid:\t1\t1\t1\t1\nGroups:\t4 24 1000 \nNStgid:\t1000\n";
        assertThat(CallerThread.hasGroup(status, 24)).isTrue();
        assertThat(CallerThread.hasGroup(status, 2)).isFalse();
        assertThat(CallerThread.hasGroup("", 0)).isFalse();
    }

    /// `/sys/devices/system/cpu/possible` holds ranges such as `0-7`.
    private static String lastCpu() throws Exception {
        String possible =
                Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        return possible.substring(Math.max(possible.lastIndexOf('-'), possible.lastIndexOf(',')) + 1);
    }
}
