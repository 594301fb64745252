package org.relayfs.memory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relayfs.linux.ProcessIdentity;

/// The shared memory of one owner, `/dev/shm/relayfs-<uid>/<pid>-<start>-<n>`.
///
/// @param path  of the folder
/// @param owner the process that has made it
public record OwnerFolder(Path path, ProcessIdentity owner) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,10})-(\\d{1,18})-\\d+");
    private static final Pattern HOME = Pattern.compile("relayfs-\\d{1,10}");

    /// Finds the folders of this user, or of all.
    ///
    /// @param ofAllUsers true: as far as this user may see them
    /// @return those of the living and of the dead
    /// @throws IOException the tmpfs cannot be read
    public static List<OwnerFolder> list(boolean ofAllUsers) throws IOException {
        List<OwnerFolder> folders = new ArrayList<>();
        Path own = SharedFolder.ofUser(SharedFolder.userId());
        if (!ofAllUsers) {
            addThoseIn(own, folders);
            return folders;
        }
        for (Path home : children(own.getParent())) {
            if (HOME.matcher(home.getFileName().toString()).matches()) {
                addThoseIn(home, folders);
            }
        }
        return folders;
    }

    private static void addThoseIn(Path home, List<OwnerFolder> folders) throws IOException {
        if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(home)) {
            return;
        }
        for (Path folder : children(home)) {
            Matcher name = NAME.matcher(folder.getFileName().toString());
            if (name.matches()) {
                ProcessIdentity owner =
                        new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
                folders.add(new OwnerFolder(folder, owner));
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> children = new ArrayList<>();
            for (Path entry : entries) {
                children.add(entry);
            }
            Collections.sort(children);
            return children;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /// Looks whether the owner is gone. Its lock tells, in every namespace.
    ///
    /// @return false while the owner lives, or when that cannot be told
    public boolean isLeftBehind() {
        try {
            // Without the file it is of an earlier version, or just being made.
            return !LivenessLocks.isOwnerAlive(path).orElseGet(owner::isAlive);
        } catch (IOException e) {
            return false;
        }
    }

    /// Measures it.
    ///
    /// @return bytes of memory, as far as they can be seen
    /// @throws IOException it cannot be read
    public long size() throws IOException {
        long[] total = {0};
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                total[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return total[0];
    }

    /// Removes it. What lies in it belongs to a user who may be another one and may exchange it for links meanwhile: so
    /// every step goes from an open folder to a name in it, and follows no link.
    ///
    /// @throws IOException something in it cannot be removed
    public void remove() throws IOException {
        try (DirectoryStream<Path> tmpfs =
                        Files.newDirectoryStream(path.getParent().getParent());
                SecureDirectoryStream<Path> home =
                        below(secure(tmpfs), path.getParent().getFileName())) {
            removeTree(home, path.getFileName());
        }
        SharedFolder.removeHomeIfEmpty(path);
    }

    private static void removeTree(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try (SecureDirectoryStream<Path> folder = below(parent, name)) {
            List<Path> entries = new ArrayList<>();
            folder.forEach(entries::add);
            for (Path entry : entries) {
                Path child = entry.getFileName();
                boolean directory = folder.getFileAttributeView(
                                child, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                        .isDirectory();
                if (directory) {
                    removeTree(folder, child);
                } else {
                    folder.deleteFile(child);
                }
            }
        }
        parent.deleteDirectory(name);
    }

    private static SecureDirectoryStream<Path> below(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IOException("this Java cannot remove folders safely");
    }
}
