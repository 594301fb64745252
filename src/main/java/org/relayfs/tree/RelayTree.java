package org.relayfs.tree;

import java.io.File;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.relayfs.Relay;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.Permission;
import org.relayfs.tree.handler.HandlerLimits;
import org.relayfs.tree.handler.HandlerThreads;
import org.relayfs.tree.text.NameLimits;

/// The names of a mount: directories, control files and relay files, and what creating, writing and removing
/// them does.
/// Thread-safe; looking up and reading attributes take no lock.
public final class RelayTree implements AutoCloseable {
    private static final int MAX_COMPONENT_LENGTH = 255;

    private static final int CHANGE_ENTRIES = Permission.WRITE | Permission.SEARCH;

    /// Refusals of `mkdir` and `rmdir` that cannot be understood without a reason.
    private static final Set<Errno> WORTH_A_REASON =
            EnumSet.of(Errno.EINVAL, Errno.ENAMETOOLONG, Errno.ENOSPC, Errno.EBUSY, Errno.EIO);

    private final Relay relay;
    private final FlushTimer timer = new FlushTimer();
    private final ErrorLog errorLog = new ErrorLog();
    private final Namespace namespace;
    private final ChannelLifecycle lifecycle;
    private final ChannelFiles channelFiles;
    private final ChannelWatcher watcher;
    private final ProgramEntries program;

    /// Makes the tree of a mount.
    ///
    /// @param relay   owner of the channels; the tree shows all of them and creates new ones in it
    /// @param options who owns the files, limits and what `version` shows
    public RelayTree(Relay relay, TreeOptions options) {
        this.relay = Objects.requireNonNull(relay, "relay");
        Inodes inodes = new Inodes();
        namespace = new Namespace(inodes, Objects.requireNonNull(options, "options"));
        lifecycle = new ChannelLifecycle(relay, namespace);
        channelFiles = new ChannelFiles(lifecycle, inodes, errorLog, timer);
        watcher = new ChannelWatcher(
                namespace, channelFiles, new FilePlaces(namespace.directories(), new RelayFiles(inodes, errorLog)));
        ControlCommands commands = new ControlCommands(lifecycle, errorLog);
        namespace.root().setControlFiles(RootFiles.of(namespace, inodes, options, errorLog, commands));
        HandlerLimits limits = options.handlers();
        program = new ProgramEntries(
                namespace.directories(),
                limits,
                new ProgramSpace(inodes, errorLog, new HandlerThreads(limits.waitMs())));
        relay.addListener(watcher);
    }

    /// What the program that serves the mount puts into it.
    ///
    /// @return always the same
    public ProgramEntries program() {
        return program;
    }

    /// The root directory.
    ///
    /// @return always the same
    public Directory root() {
        return namespace.root();
    }

    /// Finds what a path names.
    ///
    /// @param path absolute path inside the mount, `/` for the root
    /// @return the node
    /// @throws ErrnoException ENOENT, ENOTDIR, ENAMETOOLONG
    public Node resolve(String path) throws ErrnoException {
        Node node = namespace.root();
        for (String component : components(path)) {
            if (component.length() > MAX_COMPONENT_LENGTH) {
                throw new ErrnoException(
                        Errno.ENAMETOOLONG, "path: component length=" + component.length() + ", limit=255");
            }
            if (!(node instanceof Directory directory)) {
                throw new ErrnoException(Errno.ENOTDIR, "path " + path + ": " + component + " would be in a file");
            }
            node = directory.child(component);
            if (node == null) {
                throw new ErrnoException(Errno.ENOENT, "path " + path + ": no " + component);
            }
        }
        return node;
    }

    /// Looks a name up for somebody: the directory that it is in must let them through. The kernel asks so for each
    /// name of a path, and thereby all directories on the way are checked.
    ///
    /// @param path   absolute path inside the mount
    /// @param caller who walks there
    /// @return the node
    /// @throws ErrnoException EACCES, and those of [#resolve]
    public Node lookUp(String path, Caller caller) throws ErrnoException {
        if (!isRoot(path)) {
            parentOf(path).checkAccess(Permission.SEARCH, caller);
        }
        return resolve(path);
    }

    /// Looks a name up for somebody, as [#lookUp(String, Caller)].
    ///
    /// @param directory a directory of this tree
    /// @param name      in it
    /// @param caller    who walks there
    /// @return the node
    /// @throws ErrnoException EACCES, ENOENT
    public Node lookUp(Directory directory, String name, Caller caller) throws ErrnoException {
        directory.checkAccess(Permission.SEARCH, caller);
        Node node = directory.child(name);
        if (node == null) {
            throw new ErrnoException(Errno.ENOENT, "path " + directory.pathOf(name) + ": not there");
        }
        return node;
    }

    /// Whether a node still has its name.
    ///
    /// @param node of this tree
    /// @return false when it is gone, or another one has its name
    public boolean isPresent(Node node) {
        if (node instanceof Directory directory) {
            return !directory.isRemoved();
        }
        try {
            return resolve(node.path()) == node;
        } catch (ErrnoException e) {
            return false;
        }
    }

    /// `mkdir(2)`: makes a channel directory whose channel is not created yet.
    ///
    /// @param path   absolute path inside the mount
    /// @param mode   permission bits asked for
    /// @param caller who asks; owns the directory
    /// @throws ErrnoException EEXIST, EINVAL (name), ENAMETOOLONG, ENOENT, ENOTDIR, EACCES, ENOSPC
    public void makeDirectory(String path, int mode, Caller caller) throws ErrnoException {
        String name = lastOf(path);
        Directory parent = parentOf(path);
        parent.checkAccess(CHANGE_ENTRIES, caller);
        if (name.isEmpty() || parent.child(name) != null || ReservedNames.isReserved(parent, name)) {
            throw new ErrnoException(Errno.EEXIST, "name: value=\"" + path + "\" is taken");
        }
        watching("mkdir", path, () -> {
            NameLimits.parse(parent.channelName(name));
            namespace.make(parent, name, mode, caller, channelFiles);
        });
    }

    /// `rmdir(2)`: destroys the channel and removes the directory with its control files.
    ///
    /// @param path   absolute path inside the mount
    /// @param caller who asks
    /// @throws ErrnoException ENOENT, ENOTDIR, EACCES, EBUSY when it has subdirectories or is the root
    public void removeDirectory(String path, Caller caller) throws ErrnoException {
        if (!(resolve(path) instanceof Directory directory)) {
            throw new ErrnoException(Errno.ENOTDIR, "path " + path + ": is a file");
        }
        if (directory.parent() == null) {
            throw new ErrnoException(Errno.EBUSY, "path /: is the root of the mount; unmount it");
        }
        Permission.requireRemoval(directory.parent().attributes(), directory.attributes(), caller, path);
        watching("rmdir", path, () -> lifecycle.remove(directory));
    }

    /// `unlink(2)`, `rename(2)`, `link(2)` and `symlink(2)`: nobody can do any of them here.
    ///
    /// @param caller who asks
    /// @param names  absolute paths of the names that would come or go
    /// @throws ErrnoException always: EACCES for those who may not change that directory, EPERM for those who may;
    ///                        and those of [#resolve]
    public void refuseNames(Caller caller, String... names) throws ErrnoException {
        for (String name : names) {
            parentOf(name).checkAccess(CHANGE_ENTRIES, caller);
        }
        throw new ErrnoException(
                Errno.EPERM, "names come and go with their channel: destroy it, or remove its directory");
    }

    /// `statfs(2)`: the quota, but no more than the tmpfs has.
    ///
    /// @return how much there is
    public TreeSpace space() {
        File tmpfs = relay.folder().toFile();
        long quota = relay.quotaBytes();
        int taken = namespace.slotCount();
        return new TreeSpace(
                Math.min(quota, tmpfs.getTotalSpace()),
                Math.clamp(quota - relay.reservedBytes(), 0, tmpfs.getUsableSpace()),
                namespace.maxSlots(),
                Math.max(0, namespace.maxSlots() - taken));
    }

    /// Adds somebody to tell when relay files have gone, because their channel was closed: they may hold what belongs
    /// to them. Called under the lock of the relay.
    ///
    /// @param listener what to call
    public void addRemovalListener(Runnable listener) {
        watcher.removalListeners().add(listener);
    }

    /// Removes a listener.
    ///
    /// @param listener what to call no more
    public void removeRemovalListener(Runnable listener) {
        watcher.removalListeners().remove(listener);
    }

    /// Stops listening, flushing and asking handlers. The channels stay as they are: they belong to the [Relay].
    @Override
    public void close() {
        relay.removeListener(watcher);
        timer.close();
        program.end();
    }

    private void watching(String command, String path, Change change) throws ErrnoException {
        try {
            change.carryOut();
        } catch (ErrnoException refusal) {
            if (WORTH_A_REASON.contains(refusal.errno())) {
                errorLog.add(path, command, refusal);
            }
            throw refusal;
        }
    }

    private static boolean isRoot(String path) {
        return components(path).isEmpty();
    }

    private Directory parentOf(String path) throws ErrnoException {
        Node parent = resolve(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        if (parent instanceof Directory directory) {
            return directory;
        }
        throw new ErrnoException(Errno.ENOTDIR, "path " + path + ": would be in a file");
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/")).filter(c -> !c.isEmpty()).toList();
    }

    @FunctionalInterface
    private interface Change {
        void carryOut() throws ErrnoException;
    }
}
