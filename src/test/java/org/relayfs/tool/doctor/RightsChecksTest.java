package org.relayfs.tool.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.linux.CurrentUser;

/// The program that mounts for ordinary users: a file in its place.
final class RightsChecksTest {
    @TempDir
    private Path folder;

    private Finding.Level helper(int mode, int owner) throws Exception {
        Path helper = folder.resolve("fusermount");
        Files.deleteIfExists(helper);
        Files.createFile(helper);
        Files.setAttribute(helper, "unix:uid", owner);
        Files.setAttribute(helper, "unix:mode", mode);
        return RightsChecks.helper(helper).level();
    }

    @Test
    void itMountsOnlyAsRoot() throws Exception {
        assumeTrue(CurrentUser.isRoot(), "makes files of others");
        assertThat(helper(04755, 0)).isEqualTo(Finding.Level.OK);
        assertThat(helper(04755, 1)).isEqualTo(Finding.Level.BAD);
        assertThat(helper(0755, 0)).isEqualTo(Finding.Level.BAD);
        assertThat(helper(02755, 0)).isEqualTo(Finding.Level.BAD);
        assertThat(helper(01755, 0)).isEqualTo(Finding.Level.BAD);
    }
}
