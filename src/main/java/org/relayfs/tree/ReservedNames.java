package org.relayfs.tree;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.FileSettings;

/// The names that a directory cannot have, because a file has them or may get them.
final class ReservedNames {
    private ReservedNames() {}

    /// @param parent the directory that would hold it
    static boolean isReserved(Directory parent, String name) {
        return isControlFile(parent.parent() == null ? 0 : 1, name)
                || isRelayFile(parent.slot(), name)
                || parent.guests().containsKey(name)
                || parent.placed().containsKey(name)
                || mayBeOfTenant(parent, name);
    }

    /// {@return true when a file of the program cannot have a name: where no channel is, it may have that of a
    /// channel's control file}
    ///
    /// @param parent the directory that would hold it
    static boolean isTakenForFile(Directory parent, String name) {
        boolean others = parent.parent() == null || parent.slot() != null;
        return parent.child(name) != null || (others ? isReserved(parent, name) : mayBeOfTenant(parent, name));
    }

    private static boolean mayBeOfTenant(Directory parent, String name) {
        return parent.tenants().stream().anyMatch(life -> patternOf(life).matches(name));
    }

    /// @param depth 0 in the root, more below it
    static boolean isControlFile(int depth, String name) {
        return controlFiles(depth).contains(name);
    }

    private static Set<String> controlFiles(int depth) {
        return depth == 0 ? RootFiles.NAMES : ChannelFiles.NAMES;
    }

    /// Refuses a directory's name that leads to or through a file.
    static void requireFree(Directory root, List<String> components) throws ErrnoException {
        Directory directory = root;
        for (int i = 0; i < components.size(); i++) {
            String name = components.get(i);
            boolean taken = directory == null ? isControlFile(i, name) : isReserved(directory, name);
            if (taken) {
                boolean last = i == components.size() - 1;
                throw new ErrnoException(
                        last ? Errno.EEXIST : Errno.ENOTDIR,
                        "name: value=\"" + name + "\" is the name of a file there; choose another");
            }
            directory = directory == null ? null : directory.subdirectories().get(name);
        }
    }

    /// {@return the name of a file that the directory of a new channel would have or lead through, or null}
    ///
    /// @param root       of the tree
    /// @param components of the channel's name
    static String fileInTheWay(Directory root, List<String> components) {
        Directory directory = root;
        for (int i = 0; i < components.size(); i++) {
            String name = components.get(i);
            if (isControlFile(i, name)
                    || (directory != null
                            && (directory.guests().containsKey(name)
                                    || directory.placed().containsKey(name)))) {
                return name;
            }
            directory = directory == null ? null : directory.subdirectories().get(name);
        }
        return directory == null ? null : controlFileAmong(directory);
    }

    /// {@return the name of a file in a directory that a control file of a channel would have to have, or null}
    private static String controlFileAmong(Directory directory) {
        return Stream.concat(directory.guests().keySet().stream(), directory.placed().keySet().stream())
                .filter(ChannelFiles.NAMES::contains)
                .findFirst()
                .orElse(null);
    }

    /// Refuses files of a channel's buffers that would meet others, or names that others may get.
    ///
    /// @param names   all directories
    /// @param channel components of the channel's name
    /// @param files   of the channel
    static void requireFreeFiles(Directories names, List<String> channel, FileSettings files) throws ErrnoException {
        List<String> place = files.components(channel);
        FilePattern pattern = FilePattern.of(files);
        String wrong = names.fileOnTheWay(place);
        if (wrong != null) {
            throw new ErrnoException(
                    Errno.ENOTDIR,
                    "files: value=\"" + wrong + "\" in /" + String.join("/", place)
                            + " is the name of a file, limit=directories; choose another directory");
        }
        Directory own = names.find(channel);
        Directory directory = names.find(place);
        if (own != null && own.slot() == null) {
            requireNoControlFile(own);
        }
        String taken = takenBy(pattern, place, channel, directory, own);
        if (taken != null) {
            throw new ErrnoException(
                    Errno.EEXIST,
                    "files: value=\"" + pattern.text() + "\" in /" + String.join("/", place) + " may meet " + taken
                            + "; remove it, or choose another base or another directory");
        }
    }

    private static void requireNoControlFile(Directory directory) throws ErrnoException {
        String name = controlFileAmong(directory);
        if (name != null) {
            throw new ErrnoException(
                    Errno.EEXIST,
                    "file: value=\"" + name + "\" in " + directory.path()
                            + " has the name of a file of the channel; remove it, or choose another name");
        }
    }

    /// @return what has a name that the pattern has, or may get it; null for nothing
    private static String takenBy(
            FilePattern pattern, List<String> place, List<String> channel, Directory directory, Directory own) {
        Optional<String> control =
                controlFiles(place.size()).stream().filter(pattern::matches).findFirst();
        if (control.isPresent()) {
            return "the control file " + control.get();
        }
        boolean above = channel.size() > place.size()
                && channel.subList(0, place.size()).equals(place);
        if (above && pattern.matches(channel.get(place.size()))) {
            return "the channel's own directory " + channel.get(place.size());
        }
        return directory == null ? null : takenIn(directory, pattern, own == null ? null : own.slot());
    }

    private static String takenIn(Directory directory, FilePattern pattern, ChannelSlot mine) {
        ChannelLife replaced = mine == null ? null : mine.life();
        ChannelSlot there = directory.slot();
        if (there != null && there != mine && hasFiles(there, pattern)) {
            return "a file of channel " + directory.channelName();
        }
        for (ChannelLife life : directory.tenants()) {
            if (life != replaced && (patternOf(life).overlaps(pattern) || hasPlaced(life, directory, pattern))) {
                return "a file of channel " + life.channel().name();
            }
        }
        return Stream.concat(
                        directory.guests().keySet().stream().map(name -> "the file " + name),
                        directory.subdirectories().keySet().stream().map(name -> "the subdirectory " + name))
                .filter(what -> pattern.matches(what.substring(what.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(null);
    }

    private static boolean hasPlaced(ChannelLife life, Directory directory, FilePattern pattern) {
        return life.placed().stream().anyMatch(file -> file.directory() == directory && pattern.matches(file.name()));
    }

    private static boolean hasFiles(ChannelSlot slot, FilePattern pattern) {
        ChannelLife life = slot.life();
        boolean own = slot.settings().files().directory() == null;
        return own && FilePattern.of(slot.settings().files()).overlaps(pattern)
                || life != null && life.files().keySet().stream().anyMatch(pattern::matches);
    }

    private static FilePattern patternOf(ChannelLife life) {
        return FilePattern.of(life.channel().config());
    }

    private static boolean isRelayFile(ChannelSlot slot, String name) {
        if (slot == null) {
            return false;
        }
        ChannelLife life = slot.life();
        FileSettings files = slot.settings().files();
        return files.directory() == null && FilePattern.of(files).matches(name)
                || life != null && life.files().containsKey(name);
    }
}
