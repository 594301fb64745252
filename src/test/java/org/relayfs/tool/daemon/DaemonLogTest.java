package org.relayfs.tool.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.tool.cli.ToolException;

final class DaemonLogTest {
    @TempDir
    private Path folder;

    @Test
    void theTailIsWhatWasLoggedSince() throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "of another day\n");
        DaemonLog log = DaemonLog.open(file);
        assertThat(log.tail()).isEmpty();
        Files.writeString(file, "\nof today\n", StandardOpenOption.APPEND);
        assertThat(log.tail()).isEqualTo("of today");
        assertThat(log.file()).isEqualTo(file);
    }

    @Test
    void aLongTailIsCut() throws Exception {
        Path file = folder.resolve("log");
        DaemonLog log = DaemonLog.open(file);
        Files.writeString(file, "x".repeat(65_536) + "y", StandardOpenOption.APPEND);
        assertThat(log.tail()).isEqualTo("x".repeat(65_536));
    }

    /// A log may name what others need not know.
    @Test
    void itsFolderIsNotForOthers() throws Exception {
        DaemonLog.open(folder.resolve("state/relayfs/log"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("state/relayfs"))))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void whereNoneCanBeTheMessageNamesTheWaysOut() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DaemonLog.open(file.resolve("log")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("cannot write the log file " + file.resolve("log"))
                .hasMessageContaining("--log-file")
                .hasMessageContaining("XDG_STATE_HOME");
    }
}
