package org.relayfs.tree;

import java.util.List;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.NodeStatus;

/// The directories and the files that are put into them one by one.
///
/// Its monitor is the lock of all names: it protects every directory's entries, and what [Namespace] keeps.
/// It is a leaf: nothing outside this package is called while it is held. Looking up does not need it.
final class Directories {
    private final Inodes inodes;
    private final TreeOptions options;
    private final Directory root;

    Directories(Inodes inodes, TreeOptions options) {
        this.inodes = inodes;
        this.options = options;
        this.root = new Directory(null, "", inodes.newDirectory(options.rootMode(), options.uid(), options.gid()));
    }

    Directory root() {
        return root;
    }

    /// @return the directory, or null
    Directory find(List<String> components) {
        Directory directory = root;
        for (String component : components) {
            directory = directory.subdirectories().get(component);
            if (directory == null) {
                return null;
            }
        }
        return directory;
    }

    /// Makes a directory that the program holds, with those above it. One that was there only for what is
    /// below it is the program's from now on.
    ///
    /// @param components of its path; no file has one of these names
    /// @param mode       permission bits
    /// @throws ErrnoException EEXIST: it is a channel's, or the program's already
    synchronized Directory hold(List<String> components, int mode) throws ErrnoException {
        Directory present = find(components);
        if (present != null && (present.isHeld() || present.slot() != null)) {
            throw taken(present.name());
        }
        Directory directory = below(components);
        directory.setHeld(true);
        directory.status().setPermissions(mode);
        return directory;
    }

    /// The program lets a directory go: its own files in it are gone, and it stays while something else is a
    /// reason for it. Harmless when repeated.
    ///
    /// @return false when it was let go before
    synchronized boolean letGo(Directory directory) {
        boolean held = directory.isHeld();
        if (held) {
            directory.setHeld(false);
            removeProgramFiles(directory);
            leave(directory);
        }
        return held;
    }

    /// Puts a file into a directory.
    ///
    /// @throws ErrnoException ENOENT: the directory is gone; EEXIST
    synchronized void addGuest(Directory directory, String name, Node file) throws ErrnoException {
        if (directory.isRemoved()) {
            throw removed(directory);
        }
        if (directory.child(name) != null) {
            throw taken(name);
        }
        directory.guests().put(name, file);
        directory.status().modified();
    }

    /// Takes a file out of its directory, and with it the directory if nothing else is a reason for it.
    /// Harmless when repeated.
    synchronized void removeGuest(Directory directory, String name, Node file) {
        if (directory.guests().remove(name, file)) {
            directory.status().modified();
            leave(directory);
        }
    }

    /// The directory is to go, and the program's files with it. Under the lock.
    void removeProgramFiles(Directory directory) {
        for (Node guest : List.copyOf(directory.guests().values())) {
            if (guest instanceof ControlFile file && file.handled() != null) {
                directory.guests().values().remove(file);
                file.handled().remove();
                directory.status().modified();
            }
        }
    }

    /// Finds or makes a directory and those above it. Under the lock.
    Directory below(List<String> components) {
        Directory directory = root;
        for (String component : components) {
            directory = subdirectory(directory, component);
        }
        return directory;
    }

    private Directory subdirectory(Directory parent, String name) {
        Directory present = parent.subdirectories().get(name);
        if (present != null) {
            return present;
        }
        NodeStatus status = inodes.newDirectory(0755, options.uid(), options.gid());
        Directory directory = new Directory(parent, parent.channelName(name), status);
        link(directory);
        return directory;
    }

    /// @return the name of a file that a path would lead through, or null
    String fileOnTheWay(List<String> components) {
        Directory directory = root;
        for (int i = 0; i < components.size(); i++) {
            String name = components.get(i);
            Directory below =
                    directory == null ? null : directory.subdirectories().get(name);
            boolean file = directory == null
                    ? ReservedNames.isControlFile(i, name)
                    : below == null && ReservedNames.isReserved(directory, name);
            if (file) {
                return name;
            }
            directory = below;
        }
        return null;
    }

    /// The files of a life in other directories go, and with the last in each, the directory. Under the lock.
    void takeAway(ChannelLife life) {
        for (ChannelLife.Placed file : life.placed()) {
            file.directory().removePlaced(file.name(), file.node(), life);
            leave(file.directory());
        }
    }

    /// Refuses to remove what holds files of other channels.
    static void requireNoTenants(Directory directory) throws ErrnoException {
        for (ChannelLife life : directory.tenants()) {
            throw new ErrnoException(
                    Errno.EBUSY,
                    "directory " + directory.path() + ": has files of channel "
                            + life.channel().name() + "; destroy that first");
        }
    }

    /// Shows a new directory in its parent. Under the lock.
    void link(Directory directory) {
        directory.parent().subdirectories().put(directory.name(), directory);
        directory.parent().status().modified();
    }

    /// A reason for a directory is gone: it goes, and those above it, unless there is another. Under the
    /// lock.
    void leave(Directory directory) {
        Directory idle = directory;
        while (idle.isIdle() && !idle.isRemoved()) {
            idle.setRemoved();
            idle.parent().subdirectories().remove(idle.name());
            idle.parent().status().modified();
            idle = idle.parent();
        }
    }

    /// Refuses to remove what only the program removes.
    static void requireNotHeld(Directory directory) throws ErrnoException {
        if (directory.isHeld()) {
            throw new ErrnoException(
                    Errno.EBUSY,
                    "directory " + directory.path() + ": belongs to the program that serves the mount; only that"
                            + " removes it");
        }
    }

    static ErrnoException taken(String name) {
        return new ErrnoException(Errno.EEXIST, "name: value=\"" + name + "\" exists; choose another");
    }

    static ErrnoException removed(Directory directory) {
        return new ErrnoException(Errno.ENOENT, "directory " + directory.path() + ": has been removed");
    }
}
