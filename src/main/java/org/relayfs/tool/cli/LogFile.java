package org.relayfs.tool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.relayfs.linux.CurrentUser;

/// The file that the daemon of a mount logs to, unless it is told otherwise.
public final class LogFile {
    private static final int WRITABLE_BY_OTHERS = 0022;

    private LogFile() {}

    /// `/var/log/relayfs/mnt-relay.log` for root and `/mnt/relay`; for others below `~/.local/state`, or in a folder of
    /// their own below `/tmp` when they have no home. `XDG_STATE_HOME` overrides all.
    ///
    /// @param mountPoint absolute path
    /// @return the file
    /// @throws ToolException there is no folder for it
    public static Path of(Path mountPoint) throws ToolException {
        String name = mountPoint.toString().substring(1).replace('/', '-') + ".log";
        return folder().resolve(name);
    }

    private static Path folder() throws ToolException {
        Optional<Path> state = absolute(System.getenv("XDG_STATE_HOME"));
        if (state.isPresent()) {
            return state.get().resolve("relayfs");
        }
        if (CurrentUser.isRoot()) {
            return Path.of("/var/log/relayfs");
        }
        Optional<Path> home = Stream.of(System.getenv("HOME"), System.getProperty("user.home"))
                .map(LogFile::absolute)
                .flatMap(Optional::stream)
                .filter(Files::isWritable)
                .findFirst();
        return home.isPresent() ? home.get().resolve(".local/state/relayfs") : withoutHome();
    }

    /// Where everybody may make folders, somebody else may have been first.
    private static Path withoutHome() throws ToolException {
        int uid = CurrentUser.uid();
        Path folder = Path.of(System.getProperty("java.io.tmpdir"))
                .toAbsolutePath()
                .resolve("relayfs-log-" + Integer.toUnsignedString(uid));
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Map<String, Object> made =
                    Files.readAttributes(folder, "unix:uid,isDirectory,mode", LinkOption.NOFOLLOW_LINKS);
            if (!made.get("isDirectory").equals(true) || !made.get("uid").equals(uid)) {
                throw new IOException("not a folder of this user");
            }
            if (((int) made.get("mode") & WRITABLE_BY_OTHERS) != 0) {
                throw new IOException("other users may write to it");
            }
            return folder;
        } catch (IOException e) {
            throw new ToolException(
                    ExitCode.SYSTEM,
                    "no home, and " + folder + " cannot hold the log: " + e.getMessage()
                            + "; --log-file names another");
        }
    }

    /// Java's own word for a home that is not known is `?`.
    private static Optional<Path> absolute(String path) {
        return Optional.ofNullable(path).map(Path::of).filter(Path::isAbsolute);
    }
}
