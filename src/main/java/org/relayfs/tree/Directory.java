package org.relayfs.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;

/// A directory. It is there for a reason, or for several at a time:
///
/// - it is the root;
/// - it is a channel's: then it has a [ChannelSlot], whose control files and buffers' files are in it;
/// - the program that serves the mount has made it and *holds* it ([#isHeld]);
/// - something is in it: a directory that was made only because something in or below it needed it is gone
///   with that.
///
/// Beside the files of its channel there may be others in each of them: put there one by one ([#guests]), or files of
/// the buffers of other channels ([#placed]).
///
/// Looking up is lock-free and may be done by any thread. Changes are made by [Namespace] under its lock.
public final class Directory implements Node {
    private final Directory parent;
    private final String channelName;
    private final NodeStatus status;
    private final Map<String, Directory> subdirectories = new ConcurrentHashMap<>();
    private final Map<String, Node> guests = new ConcurrentHashMap<>();
    private final Map<String, Node> placed = new ConcurrentHashMap<>();
    private final Set<ChannelLife> tenants = new CopyOnWriteArraySet<>();
    private volatile Map<String, ControlFile> controlFiles = Map.of();
    private volatile ChannelSlot slot;
    private volatile boolean held;
    private volatile boolean removed;

    /// @param parent      null for the root
    /// @param channelName the channel name that this directory has or would have; empty for the root
    Directory(Directory parent, String channelName, NodeStatus status) {
        this.parent = parent;
        this.channelName = channelName;
        this.status = status;
    }

    @Override
    public String path() {
        return "/" + channelName;
    }

    @Override
    public Attributes attributes() {
        return status.attributes(removed ? 0 : 2 + subdirectories.size(), 0);
    }

    /// What `ls` shows: control files first, then those of the buffers, then other files, then
    /// subdirectories.
    ///
    /// @return the names in it now, without `.` and `..`
    public List<String> names() {
        List<String> names = new ArrayList<>(controlFiles.keySet());
        ChannelLife life = life();
        if (life != null) {
            life.files().keySet().stream()
                    .filter(name ->
                            !subdirectories.containsKey(name) && !guests.containsKey(name) && !placed.containsKey(name))
                    .forEach(names::add);
        }
        placed.keySet().stream()
                .filter(name -> !guests.containsKey(name))
                .sorted()
                .forEach(names::add);
        guests.keySet().stream().sorted().forEach(names::add);
        subdirectories.keySet().stream().sorted().forEach(names::add);
        return names;
    }

    /// @return the node of that name, or null
    Node child(String name) {
        Node file = controlFiles.get(name);
        if (file != null) {
            return file;
        }
        Directory directory = subdirectories.get(name);
        if (directory != null) {
            return directory;
        }
        Node guest = guests.get(name);
        if (guest != null) {
            return guest;
        }
        Node other = placed.get(name);
        if (other != null) {
            return other;
        }
        ChannelLife life = life();
        return life == null ? null : life.files().get(name);
    }

    @Override
    public void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        if (change.size() != null) {
            throw new ErrnoException(Errno.EISDIR, "size of " + path() + ": it is a directory");
        }
        status.change(change, caller, path());
    }

    Directory parent() {
        return parent;
    }

    /// @return the name of the channel that lives here or would; empty for the root
    String channelName() {
        return channelName;
    }

    /// @return the name of the channel that lives in a subdirectory or would
    String channelName(String subdirectory) {
        return channelName.isEmpty() ? subdirectory : channelName + "/" + subdirectory;
    }

    /// @return where a file of this directory is
    String pathOf(String file) {
        return "/" + channelName(file);
    }

    String name() {
        return channelName.substring(channelName.lastIndexOf('/') + 1);
    }

    NodeStatus status() {
        return status;
    }

    Map<String, Directory> subdirectories() {
        return subdirectories;
    }

    /// @return null in the root and in a directory that only holds others
    ChannelSlot slot() {
        return slot;
    }

    /// The files that are neither control files of the directory itself nor those of its channel's buffers,
    /// by name.
    Map<String, Node> guests() {
        return guests;
    }

    /// The files of the buffers of channels that have another directory, by name.
    Map<String, Node> placed() {
        return placed;
    }

    /// @return the lives of those channels
    Set<ChannelLife> tenants() {
        return tenants;
    }

    void addPlaced(String name, Node node, ChannelLife life) {
        placed.put(name, node);
        tenants.add(life);
        status.modified();
    }

    void removePlaced(String name, Node node, ChannelLife life) {
        placed.remove(name, node);
        tenants.remove(life);
        status.modified();
    }

    /// @return true when the program holds it: it stays, whatever is in it, until the program lets it go
    boolean isHeld() {
        return held;
    }

    /// @return true when there is no reason for it any more
    boolean isIdle() {
        return parent != null
                && slot == null
                && !held
                && subdirectories.isEmpty()
                && guests.isEmpty()
                && placed.isEmpty();
    }

    boolean isRemoved() {
        return removed;
    }

    void setControlFiles(Map<String, ControlFile> files) {
        controlFiles = files;
    }

    void setSlot(ChannelSlot newSlot) {
        slot = newSlot;
        controlFiles = newSlot == null ? Map.of() : newSlot.controlFiles();
        status.modified();
    }

    void setHeld(boolean byProgram) {
        held = byProgram;
    }

    void setRemoved() {
        removed = true;
    }

    private ChannelLife life() {
        ChannelSlot present = slot;
        return present == null ? null : present.life();
    }
}
