package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory on the command line on which a relayfs is, or is to be.
final class MountDirectory {
    private MountDirectory() {}

    /// Its absolute name. Only its parent is looked at: the mount itself may be dead.
    static Path absolute(Path directory) throws ToolException {
        Path path = directory.toAbsolutePath().normalize();
        if (path.getParent() == null) {
            throw new ToolException(ExitCode.USAGE, "/ cannot be a mount point");
        }
        try {
            return Files.isSymbolicLink(path)
                    ? path.toRealPath()
                    : path.getParent().toRealPath().resolve(path.getFileName());
        } catch (IOException e) {
            throw new ToolException(ExitCode.MOUNT, directory + ": No such directory");
        }
    }
}
