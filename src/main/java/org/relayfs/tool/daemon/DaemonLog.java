package org.relayfs.tool.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.relayfs.tool.cli.CurrentUser;
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

    /// `/var/log/relayfs/mnt-relay.log` for root and `/mnt/relay`; for others below `~/.local/state`. `XDG_STATE_HOME`
    /// overrides both.
    static Path defaultFile(Path mountPoint) {
        String name = mountPoint.toString().substring(1).replace('/', '-') + ".log";
        return folder().resolve(name);
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
                    ExitCode.SYSTEM, "cannot write the log file " + file + " (" + e + "); --log-file names another");
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

    private static Path folder() {
        String state = System.getenv("XDG_STATE_HOME");
        if (state != null && !state.isEmpty()) {
            return Path.of(state, "relayfs");
        }
        if (CurrentUser.isRoot()) {
            return Path.of("/var/log/relayfs");
        }
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        return Path.of(home, ".local", "state", "relayfs");
    }
}
