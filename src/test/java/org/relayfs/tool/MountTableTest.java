package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountTableTest {
    @Test
    void readsMountPointAndTypeWhateverOptionalFieldsThereAre() {
        List<MountTable.Mount> mounts = MountTable.parse(List.of(
                "22 1 0:20 / /proc rw,nosuid - proc proc rw",
                "90 22 0:51 / /mnt/relay rw shared:7 master:3 - fuse.relayfs relayfs rw,user_id=0"));

        assertThat(mounts)
                .containsExactly(
                        new MountTable.Mount("/proc", "proc"), new MountTable.Mount("/mnt/relay", "fuse.relayfs"));
        assertThat(mounts.getLast().isRelayfs()).isTrue();
    }

    @Test
    void readsMountPointsWithSpacesAndBackslashes() {
        List<MountTable.Mount> mounts =
                MountTable.parse(List.of("90 22 0:51 / /mnt/a\\040b\\134c rw - fuse.relayfs relayfs rw"));

        assertThat(mounts.getFirst().mountPoint()).isEqualTo("/mnt/a b\\c");
    }

    @Test
    void findsTheMountOfProc() throws Exception {
        assertThat(MountTable.at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }

    @Test
    void absoluteFollowsLinksButNeedsOnlyTheParent(@TempDir Path temp) throws Exception {
        Path real = Files.createDirectory(temp.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);

        assertThat(MountTable.absolute(link)).isEqualTo(real);
        assertThat(MountTable.absolute(link.resolve("missing"))).isEqualTo(real.resolve("missing"));
        assertThatThrownBy(() -> MountTable.absolute(temp.resolve("no/such")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("No such directory");
    }
}
