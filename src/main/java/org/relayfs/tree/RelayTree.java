package org.relayfs.tree;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.relayfs.Relay;
import org.relayfs.linux.Errno;

/// The names of a mount: directories, control files and relay files, and what creating, writing and removing them does.
/// Thread-safe; looking up and reading attributes take no lock.
public final class RelayTree implements AutoCloseable {
    private static final int MAX_COMPONENT_LENGTH = 255;

    /// Refusals of `mkdir` and `rmdir` that nobody understands without a reason.
    private static final Set<Errno> WORTH_A_REASON =
            EnumSet.of(Errno.EINVAL, Errno.ENAMETOOLONG, Errno.ENOSPC, Errno.EBUSY, Errno.EIO);

    private final Relay relay;
    private final FlushTimer timer = new FlushTimer();
    private final ErrorLog errorLog = new ErrorLog();
    private final Namespace namespace;
    private final ChannelLifecycle lifecycle;
    private final ChannelFiles channelFiles;
    private final ChannelWatcher watcher;

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
        watcher = new ChannelWatcher(namespace, channelFiles, new RelayFiles(inodes, errorLog));
        ControlCommands commands = new ControlCommands(lifecycle, errorLog);
        namespace.root().setControlFiles(RootFiles.of(namespace, inodes, options, errorLog, commands));
        relay.addListener(watcher);
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
            if (!(node instanceof DirectoryNode directory)) {
                throw new ErrnoException(Errno.ENOTDIR, "path " + path + ": " + component + " would be in a file");
            }
            node = directory.child(component);
            if (node == null) {
                throw new ErrnoException(Errno.ENOENT, "path " + path + ": no " + component);
            }
        }
        return node;
    }

    /// `access(2)` and `opendir(2)`: checks what the kernel leaves to us without `default_permissions`.
    ///
    /// @param path   absolute path inside the mount
    /// @param mask   `R_OK` 4, `W_OK` 2, `X_OK` 1, or 0 to ask for existence
    /// @param caller who asks
    /// @throws ErrnoException EACCES, and those of [#resolve]
    public void checkAccess(String path, int mask, Caller caller) throws ErrnoException {
        Node node = resolve(path);
        if (!path.equals("/")) {
            parentOf(path).requireSearch(caller);
        }
        Attributes attributes = node.attributes();
        boolean executes = (mask & Permission.SEARCH) != 0 && !(node instanceof Directory);
        if (executes && (attributes.mode() & 0111) == 0) {
            throw new ErrnoException(Errno.EACCES, "path " + path + ": is not executable, not even for root");
        }
        Permission.require(attributes, mask, caller, path);
    }

    /// `mkdir(2)`: makes a channel directory whose channel is not created yet.
    ///
    /// @param path   absolute path inside the mount
    /// @param mode   permission bits asked for
    /// @param caller who asks; owns the directory
    /// @throws ErrnoException EEXIST, EINVAL (name), ENAMETOOLONG, ENOENT, ENOTDIR, EACCES, ENOSPC
    public void makeDirectory(String path, int mode, Caller caller) throws ErrnoException {
        String name = lastOf(path);
        DirectoryNode parent = parentOf(path);
        requireChange(parent, caller);
        if (name.isEmpty() || parent.child(name) != null || ReservedNames.isReserved(parent, name)) {
            throw new ErrnoException(Errno.EEXIST, "name: value=\"" + path + "\" is taken");
        }
        watching("mkdir", path, () -> {
            ChannelName.parse(parent.pathOf(name));
            namespace.make(parent, name, mode, caller, channelFiles);
        });
    }

    /// `rmdir(2)`: destroys the channel and removes the directory with its control files.
    ///
    /// @param path   absolute path inside the mount
    /// @param caller who asks
    /// @throws ErrnoException ENOENT, ENOTDIR, EACCES, EBUSY when it has subdirectories or is the root
    public void removeDirectory(String path, Caller caller) throws ErrnoException {
        if (!(resolve(path) instanceof DirectoryNode directory)) {
            throw new ErrnoException(Errno.ENOTDIR, "path " + path + ": is a file");
        }
        if (directory.parent() == null) {
            throw new ErrnoException(Errno.EBUSY, "path /: is the root of the mount; unmount it");
        }
        requireChange(directory.parent(), caller);
        watching("rmdir", path, () -> lifecycle.remove(directory));
    }

    /// Changes attributes. Of the sizes, 0 is accepted on writable control files and changes nothing.
    ///
    /// @param path   absolute path inside the mount
    /// @param change what to change
    /// @param caller who asks
    /// @throws ErrnoException ENOENT, EPERM, EACCES, EINVAL, EISDIR
    public void setAttributes(String path, AttributeChange change, Caller caller) throws ErrnoException {
        switch (resolve(path)) {
            case DirectoryNode directory -> directory.setAttributes(change, caller);
            case ControlFileNode file -> file.setAttributes(change, caller);
            case RelayFile file -> file.setAttributes(change, caller);
            case Node other -> throw new IllegalStateException("unknown node: " + other);
        }
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

    /// Stops listening and flushing. The channels stay as they are: they belong to the [Relay].
    @Override
    public void close() {
        relay.removeListener(watcher);
        timer.close();
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

    private static void requireChange(DirectoryNode directory, Caller caller) throws ErrnoException {
        directory.requireSearch(caller);
        Permission.require(directory.attributes(), Permission.WRITE, caller, "/" + directory.path());
    }

    private DirectoryNode parentOf(String path) throws ErrnoException {
        Node parent = resolve(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        if (parent instanceof DirectoryNode directory) {
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
