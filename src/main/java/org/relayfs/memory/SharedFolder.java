package org.relayfs.memory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.relayfs.linux.ProcessIdentity;

/// The place of shared memory: `/dev/shm/relayfs-<uid>/<pid>-<start>-<n>/`, one folder for each owner, mode 0700.
/// Its name tells a tool whether the owner is still alive.
public final class SharedFolder {
    private static final Path TMPFS = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final int MAX_ATTEMPTS = 100;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private SharedFolder() {}

    /// Makes a folder for a new owner in this process.
    ///
    /// @return the folder
    /// @throws IOException the folder of this user is somebody else's, a link or open to others; or it cannot be
    ///     made
    public static Path create() throws IOException {
        int uid = userId();
        Path home = ofUser(uid);
        ProcessIdentity self = ProcessIdentity.current();
        for (int attempt = 1; ; attempt++) {
            Path folder = home.resolve(self.pid() + "-" + self.start() + "-" + NUMBERS.incrementAndGet());
            try {
                makeHome(home, uid);
                return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (FileAlreadyExistsException e) {
                // Another class loader of this process counts too.
            } catch (NoSuchFileException e) {
                // The last owner in it has just gone and taken it along.
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void makeHome(Path home, int uid) throws IOException {
        try {
            Files.createDirectory(home, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            check(home, uid);
        }
    }

    /// {@return the folder of all owners of that user; it may not exist}
    ///
    /// @param uid a user
    public static Path ofUser(int uid) {
        return TMPFS.resolve("relayfs-" + Integer.toUnsignedString(uid));
    }

    /// {@return this process' user}
    ///
    /// @throws IOException /proc is not there
    public static int userId() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    // In a directory that everybody may write to, somebody else may have been first.
    private static void check(Path home, int uid) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(home, "unix:uid,isDirectory,permissions", LinkOption.NOFOLLOW_LINKS);
        if (!attributes.get("isDirectory").equals(true)
                || !attributes.get("uid").equals(uid)) {
            throw new IOException(home + ": not a directory of this user: owner=" + attributes.get("uid")
                    + ", expected=" + uid + "; have its owner remove it");
        }
        if (!attributes.get("permissions").equals(PRIVATE)) {
            throw new IOException(home + ": accessible to other users; run chmod 0700 on it");
        }
    }

    /// Makes a folder inside an owner's folder.
    ///
    /// @param path where
    /// @throws IOException it exists or cannot be made
    public static void createInside(Path path) throws IOException {
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
    }

    /// Removes a folder and all in it; the memory of its files lives on while it is mapped. Nothing happens when it
    /// is gone.
    ///
    /// @param folder of an owner or a channel
    /// @throws IOException something in it cannot be removed
    public static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    remove(child);
                } else {
                    Files.deleteIfExists(child);
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    /// Removes the folder of this process' user when no owner is left in it.
    ///
    /// @param folder of an owner, gone by now
    public static void removeHomeIfEmpty(Path folder) {
        Path home = folder.getParent();
        try {
            Files.deleteIfExists(home);
        } catch (IOException e) {
            // Another owner is in it, or has just gone: both are fine.
        }
    }
}
