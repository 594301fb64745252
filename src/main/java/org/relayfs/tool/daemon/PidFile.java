package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// A file that names the process that serves a mount, while it is served.
final class PidFile {
    private static final String CONTENT = ProcessHandle.current().pid() + "\n";

    private final Path file;

    PidFile(Path file) {
        this.file = file;
    }

    /// Replaces a file left by an older process, but follows no link.
    void write() throws ToolException {
        try {
            Files.writeString(
                    file,
                    CONTENT,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new ToolException(
                    ExitCode.SYSTEM,
                    "cannot write the pid file " + file + " (" + e + "); name another with --pid-file");
        }
    }

    /// Unless another process has written it since.
    void remove() {
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(file).equals(CONTENT)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // Whoever reads it later finds that the process is gone.
        }
    }
}
