package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    @Test
    void readsMountPointAndTypeWhateverOptionalFieldsThereAre() {
        assertThat(MountTable.parse("22 1 0:20 / /proc rw,nosuid - proc proc rw"))
                .contains(new MountTable.Mount("0:20", Path.of("/proc"), "proc"));
        MountTable.Mount ours = MountTable.parse(
                        "90 22 0:51 / /mnt/relay rw shared:7 master:3 - fuse.relayfs relayfs rw,user_id=0")
                .orElseThrow();
        assertThat(ours).isEqualTo(new MountTable.Mount("0:51", Path.of("/mnt/relay"), "fuse.relayfs"));
        assertThat(ours.isRelayfs()).isTrue();
    }

    @Test
    void readsMountPointsWithSpacesAndBackslashes() {
        assertThat(MountTable.parse("90 22 0:51 / /mnt/a\\040b\\134c rw - fuse.relayfs relayfs rw"))
                .map(MountTable.Mount::mountPoint)
                .contains(Path.of("/mnt/a b\\c"));
    }

    /// Field case 13: paths are bytes, and not all of them are letters.
    @Test
    void whatCannotBeNamedIsLeftOut() {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "other letters in this locale");
        assertThat(MountTable.parse("90 22 0:51 / /mnt/gr\u00fcn rw - tmpfs tmpfs rw"))
                .as("a byte that is no letter in UTF-8")
                .isEmpty();
        assertThat(MountTable.parse("90 22 0:51 / /mnt/gr\u00c3\u00bcn rw - tmpfs tmpfs rw"))
                .map(mount -> mount.mountPoint().toString())
                .contains("/mnt/gr\u00fcn");
    }

    @Test
    void findsTheMountOfProc() throws Exception {
        assertThat(MountTable.at(Path.of("/proc")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
    }
}
