package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The mounts that this process sees, read from `/proc/self/mountinfo`. It asks no mounted file system anything, so a
/// dead one cannot hang it.
final class MountTable {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT_FIELD = 4;

    /// One mount.
    ///
    /// @param mountPoint where it is mounted
    /// @param type       its file system type, `fuse.relayfs` for ours
    record Mount(String mountPoint, String type) {
        boolean isRelayfs() {
            return type.equals("fuse.relayfs");
        }
    }

    private MountTable() {}

    /// The topmost mount on a path.
    static Optional<Mount> at(Path mountPoint) throws IOException {
        return parse(Files.readAllLines(MOUNTINFO)).stream()
                .filter(mount -> mount.mountPoint().equals(mountPoint.toString()))
                .reduce((_, later) -> later);
    }

    static List<Mount> parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ");
            int separator = List.of(fields).indexOf("-");
            mounts.add(new Mount(unescape(fields[MOUNT_POINT_FIELD]), fields[separator + 1]));
        }
        return mounts;
    }

    /// The absolute name of a mount point. Only its parent is looked at: the mount itself may be dead.
    static Path absolute(Path mountPoint) throws ToolException {
        Path path = mountPoint.toAbsolutePath().normalize();
        if (path.getParent() == null) {
            throw new ToolException(ExitCode.USAGE, "/ cannot be a mount point");
        }
        try {
            return Files.isSymbolicLink(path)
                    ? path.toRealPath()
                    : path.getParent().toRealPath().resolve(path.getFileName());
        } catch (IOException e) {
            throw new ToolException(ExitCode.MOUNT, mountPoint + ": No such directory");
        }
    }

    /// The kernel writes space, tab, newline and backslash as three octal digits.
    private static String unescape(String field) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(field.charAt(i));
            }
        }
        return plain.toString();
    }
}
