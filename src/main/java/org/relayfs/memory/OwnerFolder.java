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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relayfs.linux.ProcessIdentity;

/// The shared memory of one owner, `/dev/shm/relayfs-<uid>/<pid>-<start>-<n>`.
///
/// @param path  of the folder
/// @param owner the process that has made it
public record OwnerFolder(Path path, ProcessIdentity owner) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,10})-(\\d{1,18})-\\d+");
    private static final Pattern GENERATION = Pattern.compile("[1-9]\\d{0,8}");
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
            at(folder).ifPresent(folders::add);
        }
    }

    /// Finds the owner's folder that a path is, by where it lies, too.
    ///
    /// @param folder any, without links
    /// @return the folder as an owner's; empty when it does not lie where those of owners do
    public static Optional<OwnerFolder> in(Path folder) {
        Path home = folder.getParent();
        boolean lies = home != null
                && home.getFileName() != null
                && HOME.matcher(home.getFileName().toString()).matches();
        return lies && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) ? at(folder) : Optional.empty();
    }

    /// Reads the owner from a folder's name.
    ///
    /// @param folder any
    /// @return the folder as an owner's; empty when it has another name
    public static Optional<OwnerFolder> at(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        ProcessIdentity owner = new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
        return Optional.of(new OwnerFolder(folder, owner));
    }

    /// Finds the folders of channels in an owner's folder.
    ///
    /// @param owner the folder, which need not be trusted
    /// @return those that hold the memory of a channel, sorted by name
    /// @throws IOException it cannot be read
    public static List<Path> channels(Path owner) throws IOException {
        List<Path> channels = new ArrayList<>();
        for (Path child : children(owner)) {
            if (isChannel(child)) {
                channels.add(child);
            }
        }
        return channels;
    }

    /// {@return true when it is the folder of a channel}
    ///
    /// @param folder any
    /// @throws IOException it cannot be read
    public static boolean isChannel(Path folder) throws IOException {
        return !generations(folder).isEmpty();
    }

    /// Finds the generations of a channel: one that was resized has several while the earlier ones are read.
    ///
    /// @param channel folder of the channel, which need not be trusted
    /// @return their folders, the oldest first; that of the first generation is the channel's own
    /// @throws IOException it cannot be read
    public static List<Path> generations(Path channel) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (!Files.isDirectory(channel, LinkOption.NOFOLLOW_LINKS)) {
            return folders;
        }
        if (hasMeta(channel)) {
            folders.add(channel);
        }
        children(channel).stream()
                .filter(child ->
                        GENERATION.matcher(child.getFileName().toString()).matches() && hasMeta(child))
                .sorted(Comparator.comparingInt(OwnerFolder::number))
                .forEach(folders::add);
        return folders;
    }

    private static int number(Path generation) {
        return Integer.parseInt(generation.getFileName().toString());
    }

    private static boolean hasMeta(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.exists(folder.resolve("meta"), LinkOption.NOFOLLOW_LINKS);
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

    /// Removes it, unless somebody has taken it over. What lies in it belongs to a user who may be another one
    /// and may exchange it for links meanwhile: so
    /// every step goes from an open folder to a name in it, and follows no link.
    ///
    /// @throws IOException something in it cannot be removed
    public void remove() throws IOException {
        if (!Files.exists(path.resolve(LivenessLocks.FILE), LinkOption.NOFOLLOW_LINKS)) {
            removeAll();
            return;
        }
        // Whoever takes it over at this moment holds the lock, or finds that it is held.
        try (LivenessLocks locks = LivenessLocks.succeed(path)
                .orElseThrow(() -> new IOException(path + ": another process has just taken it over"))) {
            removeAll();
            locks.release(LivenessLocks.OWNER);
        }
    }

    private void removeAll() throws IOException {
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
