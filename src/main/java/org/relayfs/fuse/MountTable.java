package org.relayfs.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The mounts of this process's namespace, as /proc/self/mountinfo lists them.
final class MountTable {
    /// Type of our mounts.
    static final String OUR_TYPE = "fuse.relayfs";

    private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
    private static final int DEVICE_FIELD = 2;
    private static final int MOUNT_POINT_FIELD = 4;

    private MountTable() {}

    /// @param device     `major:minor`, different for every mounted file system
    /// @param mountPoint absolute path
    /// @param type       file system type
    record Mount(String device, String mountPoint, String type) {}

    /// @param mountPoint absolute path without symbolic links
    /// @return what is mounted there, the topmost if there are several
    /// @throws IOException the table cannot be read
    static Optional<Mount> at(String mountPoint) throws IOException {
        try (Stream<String> lines = Files.lines(MOUNT_INFO)) {
            return lines.map(MountTable::parse)
                    .filter(mount -> mount.mountPoint().equals(mountPoint))
                    .reduce((lower, upper) -> upper);
        }
    }

    private static Mount parse(String line) {
        int separator = line.indexOf(" - ");
        List<String> fields = List.of(line.substring(0, separator).split(" "));
        String type = line.substring(separator + 3).split(" ", 2)[0];
        return new Mount(fields.get(DEVICE_FIELD), unescape(fields.get(MOUNT_POINT_FIELD)), type);
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
