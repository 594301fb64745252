package org.relayfs.tool.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// The file that the daemon of one mount point logs to.
final class DaemonLog {
    private final Path file;
    private final long start;

    private DaemonLog(Path file, long start) {
        this.file = file;
        this.start = start;
    }

    /// Makes the file and remembers where this run begins in it.
    static DaemonLog open(Path file) throws ToolException {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            return new DaemonLog(file, Files.size(file));
        } catch (IOException e) {
            throw new ToolException(
                    ExitCode.SYSTEM,
                    "cannot write the log file " + file + ": " + Complaint.of(e).getMessage()
                            + "; --log-file names another, XDG_STATE_HOME another folder");
        }
    }

    Path file() {
        return file;
    }

    /// What was logged since [#open].
    String tail() {
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(start);
            return new String(in.readNBytes(64 * 1024), java.nio.charset.StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
