package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    @Test
    void readsMountPointAndTypeWhateverOptionalFieldsThereAre() {
        assertThat(MountTable.parse("22 1 0:20 / /proc rw,nosuid - proc proc rw"))
                .isEqualTo(new MountTable.Mount("0:20", Path.of("/proc"), "proc"));
        MountTable.Mount ours =
                MountTable.parse("90 22 0:51 / /mnt/relay rw shared:7 master:3 - fuse.relayfs relayfs rw,user_id=0");
        assertThat(ours).isEqualTo(new MountTable.Mount("0:51", Path.of("/mnt/relay"), "fuse.relayfs"));
        assertThat(ours.isRelayfs()).isTrue();
    }

    @Test
    void readsMountPointsWithSpacesAndBackslashes() {
        assertThat(MountTable.parse("90 22 0:51 / /mnt/a\\040b\\134c rw - fuse.relayfs relayfs rw")
                        .mountPoint())
                .isEqualTo(Path.of("/mnt/a b\\c"));
    }

    @Test
    void findsTheMountOfProc() throws Exception {
        assertThat(MountTable.at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }
}
