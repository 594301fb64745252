package org.relayfs.tool.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.tool.cli.ToolException;

final class MountSettingsTest {
    @Test
    void asksForNothingByItself() throws Exception {
        MountSettings settings = MountSettings.of(List.of());

        assertThat(settings.quotaBytes())
                .isEqualTo(Files.getFileStore(Path.of("/dev/shm")).getTotalSpace() / 2);
        assertSame(settings.mount(), MountOptions.defaults());
    }

    @Test
    void takesOurOptions() throws Exception {
        MountSettings settings = MountSettings.of(
                List.of("uid=1000", "gid=4294967294", "nr_channels=7", "mmap=cached", "allow_other", "ro"));

        assertSame(
                settings.mount(),
                MountOptions.defaults()
                        .withUid(1000)
                        .withGid(-2)
                        .withMaxChannels(7)
                        .withMmap(MmapMode.CACHED)
                        .withAllowOther(true)
                        .withReadOnly(true));
    }

    private static void assertSame(MountOptions options, MountOptions expected) {
        assertThat(options).usingRecursiveComparison().isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "67108864, 67108864", "64k, 65536", "64M, 67108864", "2G, 2147483648"})
    void takesSizesWithUnits(String text, long bytes) throws Exception {
        assertThat(MountSettings.of(List.of("size=" + text)).quotaBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size=      | limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M",
                "size=0     | limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M",
                "size=-1    | limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M",
                "size=1T    | limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M",
                "size=9223372036854775807G | limit=1 to 131072; bytes, or with K, M or G, as in size=512M",
                "uid=x      | limit=0 to 4294967294; id -u USER prints it",
                "uid=-1     | limit=0 to 4294967294; id -u USER prints it",
                "uid        | limit=0 to 4294967294; id -u USER prints it",
                "gid=4294967295 | limit=0 to 4294967294; getent group GROUP prints it",
                "mmap=fast  | mmap mode: mmap=fast, limit=auto, passthrough, cached or off",
                "threads=65 | limit=1 to 64; omit it",
                "threads=0  | limit=1 to 64; omit it",
                "nr_channels=0 | limit=1 to 2147483647; omit it for 4096",
                "nr_channels=+5 | limit=1 to 2147483647; omit it for 4096",
                "mode=1777  | limit=0 to 777; write it in octal, as chmod takes it",
                "mode=9     | limit=0 to 777; write it in octal, as chmod takes it"
            })
    void refusesValuesThatAreNone(String option, String limitAndRemedy) {
        assertThatThrownBy(() -> MountSettings.of(List.of(option)))
                .isInstanceOf(ToolException.class)
                .hasMessage("mount option " + option + ": " + limitAndRemedy);
    }

    @Test
    void handsOnWhatLibfuseKnows() throws Exception {
        MountSettings settings = MountSettings.of(List.of("auto_unmount", "nonempty", "mode=750"));

        assertThat(settings.mount().extra()).containsExactly("auto_unmount", "nonempty");
        assertThat(settings.mount().rootMode()).isEqualTo(0750);
    }

    @Test
    void sloppySwallowsAll() throws Exception {
        assertSame(
                MountSettings.of(List.of("no_such", "sloppy", "ro")).mount(),
                MountOptions.defaults().withReadOnly(true));
    }

    @Test
    void swallowsWhatMountHandsToEveryHelper() throws Exception {
        List<String> ofMount = List.of(
                "rw", "nofail", "_netdev", "user=me", "noauto", "x-systemd.automount", "dev", "suid", "comment=x");

        assertSame(MountSettings.of(ofMount).mount(), MountOptions.defaults());
    }

    @Test
    void refusesAnUnknownOption() {
        assertThatThrownBy(() -> MountSettings.of(List.of("no_such")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("unknown mount option no_such");
    }
}
