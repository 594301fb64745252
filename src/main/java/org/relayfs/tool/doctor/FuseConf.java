package org.relayfs.tool.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relayfs.linux.CurrentUser;
import org.relayfs.linux.MountTable;

/// The limits that root sets for mounts of ordinary users: `/etc/fuse.conf`.
final class FuseConf {
    private static final Path FILE = Path.of("/etc/fuse.conf");
    private static final String ALLOW_OTHER = "user_allow_other";
    private static final String MOUNT_MAX = "mount_max = ";
    private static final long DEFAULT_MOUNT_MAX = 1000;

    private FuseConf() {}

    /// @param options those of the mount
    static Optional<Finding> check(List<String> options) throws IOException {
        if (CurrentUser.isRoot()) {
            return Optional.empty();
        }
        long mounts = MountTable.all().stream()
                .filter(mount -> mount.type().startsWith("fuse"))
                .count();
        return check(options, lines(), mounts);
    }

    /// @param lines  of the file, without white space around them
    /// @param mounts how many FUSE mounts there are
    static Optional<Finding> check(List<String> options, List<String> lines, long mounts) {
        if (options.contains("allow_other") && !lines.contains(ALLOW_OTHER)) {
            return Optional.of(Finding.bad(
                    "fuse.conf",
                    "the option allow_other is for root only",
                    "as root: echo " + ALLOW_OTHER + " >> " + FILE + "; or leave the option out"));
        }
        long max = lines.stream()
                .filter(line -> line.startsWith(MOUNT_MAX))
                .map(line -> line.substring(MOUNT_MAX.length()).strip())
                .filter(number -> number.matches("-?\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .reduce(DEFAULT_MOUNT_MAX, (earlier, later) -> later);
        return max < 0 || mounts < max
                ? Optional.empty()
                : Optional.of(Finding.bad(
                        "fuse.conf",
                        "there are " + mounts + " FUSE mounts, and mount_max is " + max,
                        "unmount some, or as root write a larger number into " + FILE + ": mount_max = 1000"));
    }

    private static List<String> lines() throws IOException {
        return Files.isReadable(FILE)
                ? new String(Files.readAllBytes(FILE), StandardCharsets.ISO_8859_1)
                        .lines()
                        .map(String::strip)
                        .toList()
                : List.of();
    }
}
