package org.relayfs.tool.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.relayfs.linux.MountTable;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// A directory on the command line: a mount point, or one to be.
public final class MountDirectory {
    private MountDirectory() {}

    /// Its absolute name. If something is mounted on it, only its parent is accessed: the mount may be dead, or
    /// its daemon stopped.
    public static Path absolute(Path directory) throws ToolException {
        Path path = directory.toAbsolutePath().normalize();
        if (path.getParent() == null) {
            throw new ToolException(ExitCode.USAGE, "/ cannot be a mount point");
        }
        try {
            Path real = path.getParent().toRealPath().resolve(path.getFileName());
            return MountTable.at(real).isEmpty() && Files.isSymbolicLink(real) ? real.toRealPath() : real;
        } catch (IOException e) {
            throw new ToolException(ExitCode.MOUNT, directory + ": No such directory");
        }
    }
}
