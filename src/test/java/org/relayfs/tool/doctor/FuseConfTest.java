package org.relayfs.tool.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an ordinary user may do, by the lines of `/etc/fuse.conf`.
final class FuseConfTest {
    private static Optional<Finding> check(List<String> options, long mounts, String... lines) {
        return FuseConf.check(options, List.of(lines), mounts);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 999, true",
        "'', 1000, false",
        "mount_max = 3, 2, true",
        "mount_max = 3, 3, false",
        "mount_max = 0, 0, false",
        "mount_max = -1, 100000, true",
        "mount_max = many, 999, true",
        "mount_max = many, 1000, false",
        "mount_max=3, 999, true",
        "#mount_max = 3, 3, true",
    })
    void thereMayBeFewerMountsThanTheLimit(String line, long mounts, boolean fine) {
        assertThat(check(List.of(), mounts, line).isEmpty()).isEqualTo(fine);
    }

    @Test
    void theLastLimitIsInForceAndIsNamed() {
        assertThat(check(List.of(), 7, "mount_max = 3", "mount_max = 8")).isEmpty();
        Finding finding = check(List.of(), 7, "mount_max = 8", "mount_max = 3").orElseThrow();
        assertThat(finding.level()).isEqualTo(Finding.Level.BAD);
        assertThat(finding.text()).isEqualTo("there are 7 FUSE mounts, and mount_max is 3");
        assertThat(finding.remedy()).contains("mount_max = 1000");
    }

    @Test
    void othersAreLetInOnlyIfThatIsAllowed() {
        assertThat(check(List.of("ro", "allow_other"), 0, "user_allow_other")).isEmpty();
        assertThat(check(List.of("ro"), 0)).isEmpty();
        assertThat(check(List.of("ro", "allow_other"), 0, "#user_allow_other"))
                .hasValueSatisfying(finding -> assertThat(finding.remedy()).contains("user_allow_other >> "));
    }
}
