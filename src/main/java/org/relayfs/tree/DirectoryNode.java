package org.relayfs.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.linux.Errno;

/// A directory. Three kinds share this class: the root, with its own control files; a channel's directory, which has a
/// [ChannelSlot]; and one without either that was made only because a channel below it needed it.
///
/// Looking up is lock-free and may be done by any thread. Changes are made by [Namespace] under its lock.
final class DirectoryNode implements Directory {
    private final DirectoryNode parent;
    private final String path;
    private final NodeStatus status;
    private final Map<String, DirectoryNode> subdirectories = new ConcurrentHashMap<>();
    private volatile Map<String, ControlFileNode> controlFiles = Map.of();
    private volatile ChannelSlot slot;
    private volatile boolean removed;

    /// @param parent null for the root
    /// @param path   the channel name that this directory has or would have; empty for the root
    DirectoryNode(DirectoryNode parent, String path, NodeStatus status) {
        this.parent = parent;
        this.path = path;
        this.status = status;
    }

    @Override
    public Attributes attributes() {
        return status.attributes(removed ? 0 : 2 + subdirectories.size(), 0);
    }

    /// Control files first, then those of the buffers, then subdirectories.
    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(controlFiles.keySet());
        ChannelLife life = life();
        if (life != null) {
            life.files().keySet().stream()
                    .filter(name -> !subdirectories.containsKey(name))
                    .forEach(names::add);
        }
        subdirectories.keySet().stream().sorted().forEach(names::add);
        return names;
    }

    /// @return the node of that name, or null
    Node child(String name) {
        Node file = controlFiles.get(name);
        if (file != null) {
            return file;
        }
        DirectoryNode directory = subdirectories.get(name);
        if (directory != null) {
            return directory;
        }
        ChannelLife life = life();
        return life == null ? null : life.files().get(name);
    }

    /// Checks that `caller` may pass through this directory and all above it.
    void requireSearch(Caller caller) throws ErrnoException {
        for (DirectoryNode directory = this; directory != null; directory = directory.parent) {
            Permission.require(directory.attributes(), Permission.SEARCH, caller, "/" + directory.path);
        }
    }

    void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        if (parent != null) {
            parent.requireSearch(caller);
        }
        Permission.requireChange(attributes(), change, caller, "/" + path);
        if (change.size() != null) {
            throw new ErrnoException(Errno.EISDIR, "size of /" + path + ": it is a directory");
        }
        status.change(change);
    }

    DirectoryNode parent() {
        return parent;
    }

    /// @return the name of the channel that lives here or would
    String path() {
        return path;
    }

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    NodeStatus status() {
        return status;
    }

    Map<String, DirectoryNode> subdirectories() {
        return subdirectories;
    }

    /// @return null in the root and in a directory that only holds others
    ChannelSlot slot() {
        return slot;
    }

    boolean isRemoved() {
        return removed;
    }

    void setControlFiles(Map<String, ControlFileNode> files) {
        controlFiles = files;
    }

    void setSlot(ChannelSlot newSlot) {
        slot = newSlot;
        controlFiles = newSlot == null ? Map.of() : newSlot.controlFiles();
        status.modified();
    }

    void setRemoved() {
        removed = true;
    }

    private ChannelLife life() {
        ChannelSlot present = slot;
        return present == null ? null : present.life();
    }
}
