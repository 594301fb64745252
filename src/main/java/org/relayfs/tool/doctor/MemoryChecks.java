package org.relayfs.tool.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.relayfs.linux.CurrentUser;
import org.relayfs.linux.MountTable;
import org.relayfs.memory.SharedFolder;
import org.relayfs.tool.cli.ByteSize;

/// The checks for shared memory that this user can have.
final class MemoryChecks {
    private static final String WHAT = "shared memory";
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String REMEDY = "as root: mkdir -p /dev/shm && mount -t tmpfs -o mode=1777 tmpfs /dev/shm";
    private static final String ENLARGE = "as root: mount -o remount,size=1G /dev/shm";
    private static final long LITTLE_MEMORY = 16 << 20;
    private static final long LEAST_MEMORY = 4096;

    private MemoryChecks() {}

    static Optional<Finding> memory() throws IOException {
        if (!Files.isDirectory(MEMORY)) {
            return Optional.of(Finding.bad(WHAT, "there is no " + MEMORY, REMEDY));
        }
        if (!Files.isWritable(MEMORY)) {
            return Optional.of(Finding.bad(
                    WHAT,
                    MEMORY + " is not a folder that this user can write to",
                    "as root: mount -o remount,rw,mode=1777 " + MEMORY));
        }
        // Java's FileStore fails where a mount table is not complete.
        File store = MEMORY.toFile();
        String type = MountTable.at(MEMORY).map(MountTable.Mount::type).orElse("no mount of its own");
        long free = store.getUsableSpace();
        return Optional.of(judge(type, free, store.getTotalSpace()));
    }

    static Finding judge(String type, long free, long total) {
        String text = MEMORY + ": " + type + ", " + ByteSize.text(free) + " of " + ByteSize.text(total) + " free";
        if (free < LEAST_MEMORY) {
            return Finding.bad(WHAT, text, "relayfs clean, remove files, or " + ENLARGE);
        }
        if (!type.equals("tmpfs")) {
            return Finding.note(WHAT, text + "; on a disk it is slow", REMEDY);
        }
        return free < LITTLE_MEMORY ? Finding.note(WHAT, text, ENLARGE) : Finding.ok(WHAT, text);
    }

    /// Anybody could have made it first.
    static Optional<Finding> folder() throws IOException {
        Path home = SharedFolder.ofUser(CurrentUser.uid());
        if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        boolean ours = Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                && (Integer) Files.getAttribute(home, "unix:uid", LinkOption.NOFOLLOW_LINKS) == CurrentUser.uid();
        if (!ours) {
            return Optional.of(
                    Finding.bad(WHAT, home + " is not a folder of this user", "have root look at it and remove it"));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(home));
        return mode.equals("rwx------")
                ? Optional.empty()
                : Optional.of(Finding.bad(WHAT, home + " is open to others: " + mode, "chmod 0700 " + home));
    }
}
