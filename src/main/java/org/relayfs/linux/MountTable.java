package org.relayfs.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The mounts of this process's namespace, as /proc/self/mountinfo lists them. It asks no mounted file system anything,
/// so a dead one cannot hang it.
public final class MountTable {
    private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
    private static final String OUR_TYPE = "fuse.relayfs";
    private static final int DEVICE_FIELD = 2;
    private static final int MOUNT_POINT_FIELD = 4;

    private MountTable() {}

    /// One mount.
    ///
    /// @param device     `major:minor`, different for every mounted file system
    /// @param mountPoint absolute path without symbolic links
    /// @param type       file system type
    public record Mount(String device, Path mountPoint, String type) {
        /// {@return true: a relayfs, dead or alive}
        public boolean isRelayfs() {
            return type.equals(OUR_TYPE);
        }
    }

    /// {@return all mounts, those that hide others after them}
    ///
    /// @throws IOException the table cannot be read
    public static List<Mount> all() throws IOException {
        return Files.readAllLines(MOUNT_INFO).stream().map(MountTable::parse).toList();
    }

    /// {@return what is mounted there, the topmost if there are several}
    ///
    /// @param mountPoint absolute path without symbolic links
    /// @throws IOException the table cannot be read
    public static Optional<Mount> at(Path mountPoint) throws IOException {
        return all().stream()
                .filter(mount -> mount.mountPoint().equals(mountPoint))
                .reduce((lower, upper) -> upper);
    }

    static Mount parse(String line) {
        int separator = line.indexOf(" - ");
        List<String> fields = List.of(line.substring(0, separator).split(" "));
        String type = line.substring(separator + 3).split(" ", 2)[0];
        return new Mount(fields.get(DEVICE_FIELD), Path.of(unescape(fields.get(MOUNT_POINT_FIELD))), type);
    }

    /// The kernel writes space, tab, newline and backslash as three octal digits.
    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
