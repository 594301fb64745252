package org.relayfs.tool.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemoryChecksTest {
    private static final long GIB = 1 << 30;

    @ParameterizedTest
    @CsvSource({
        "tmpfs, 0, BAD",
        "tmpfs, 4095, BAD",
        "tmpfs, 4096, NOTE",
        "tmpfs, 16777215, NOTE",
        "tmpfs, 16777216, OK",
        "ext4, 4095, BAD",
        "ext4, 16777216, NOTE",
    })
    void littleMemoryIsANoteAndNoneIsBad(String type, long free, Finding.Level level) {
        Finding finding = MemoryChecks.judge(type, free, GIB);
        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.remedy() == null).isEqualTo(level == Finding.Level.OK);
        assertThat(finding.text()).startsWith("/dev/shm: " + type + ", ").contains(" of 1.0G free");
    }

    @Test
    void theRemedyIsThatOfTheCause() {
        assertThat(MemoryChecks.judge("tmpfs", 0, GIB).remedy()).startsWith("relayfs clean, ");
        assertThat(MemoryChecks.judge("tmpfs", 4096, GIB).remedy()).contains("remount,size=");
        assertThat(MemoryChecks.judge("ext4", GIB, GIB).remedy()).contains("mount -t tmpfs");
        assertThat(MemoryChecks.judge("ext4", GIB, GIB).text()).endsWith("; on a disk it is slow");
    }
}
