package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;

final class MountSettingsTest {
    @Test
    void filesBelongToWhoMounts() throws Exception {
        MountSettings settings = MountSettings.of(List.of());

        assertThat(settings.uid()).isEqualTo(CurrentUser.uid());
        assertThat(settings.gid()).isEqualTo(CurrentUser.gid());
        assertThat(settings.quotaBytes())
                .isEqualTo(Files.getFileStore(Path.of("/dev/shm")).getTotalSpace() / 2);
        assertThat(settings.mode()).isEmpty();
        assertThat(settings.mount()).isEqualTo(MountOptions.defaults());
    }

    @Test
    void takesOurOptions() throws Exception {
        MountSettings settings = MountSettings.of(
                List.of("uid=1000", "gid=4294967294", "nr_channels=7", "mmap=cached", "allow_other", "ro"));

        assertThat(settings.uid()).isEqualTo(1000);
        assertThat(settings.gid()).isEqualTo(-2);
        assertThat(settings.maxChannels()).isEqualTo(7);
        assertThat(settings.mount())
                .isEqualTo(MountOptions.defaults()
                        .withMmap(MmapMode.CACHED)
                        .withAllowOther(true)
                        .withReadOnly(true));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "64k, 65536", "64M, 67108864", "2G, 2147483648"})
    void takesSizesWithUnits(String text, long bytes) throws Exception {
        assertThat(MountSettings.of(List.of("size=" + text)).quotaBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "size=",
                "size=0",
                "size=-1",
                "size=1T",
                "size=9223372036854775807G",
                "uid=x",
                "uid",
                "mmap=fast",
                "threads=65",
                "mode=1777",
                "mode=9"
            })
    void refusesValuesThatAreNone(String option) {
        assertThatThrownBy(() -> MountSettings.of(List.of(option)))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining(option);
    }

    @Test
    void handsOnWhatLibfuseKnows() throws Exception {
        MountSettings settings = MountSettings.of(List.of("auto_unmount", "nonempty", "mode=750"));

        assertThat(settings.mount().extra()).containsExactly("auto_unmount", "nonempty");
        assertThat(settings.mode()).contains(0750);
    }

    @Test
    void sloppySwallowsAll() throws Exception {
        assertThat(MountSettings.of(List.of("no_such", "sloppy", "ro")).mount())
                .isEqualTo(MountOptions.defaults().withReadOnly(true));
    }

    @Test
    void swallowsWhatMountHandsToEveryHelper() throws Exception {
        List<String> ofMount = List.of(
                "rw", "nofail", "_netdev", "user=me", "noauto", "x-systemd.automount", "dev", "suid", "comment=x");

        assertThat(MountSettings.of(ofMount).mount()).isEqualTo(MountOptions.defaults());
    }

    @Test
    void refusesAnUnknownOption() {
        assertThatThrownBy(() -> MountSettings.of(List.of("no_such")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("unknown mount option no_such");
    }
}
