package org.relayfs.tree;

import java.util.IdentityHashMap;
import java.util.List;
import org.relayfs.RelayChannel;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;
import org.relayfs.tree.text.ChannelSettings;

/// The directories, which of them belong to channels, and which channel is where.
///
/// A directory made by `mkdir` is kept until `rmdir`. One that was made with a channel is removed with it, and so
/// are the parents that were made for it, once they hold nothing.
final class Namespace {
    private static final int SET_GROUP_ID = 02000;

    /// Protects every directory's entries, slot and life, and the two fields below. It is a leaf: nothing outside this
    /// package is called while it is held.
    private final Object names = new Object();

    private final IdentityHashMap<RelayChannel, ChannelSlot> living = new IdentityHashMap<>();
    private int slotCount;

    private final Directory root;
    private final Inodes inodes;
    private final TreeOptions options;

    Namespace(Inodes inodes, TreeOptions options) {
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

    /// `mkdir`: adds a channel directory that is kept. Below a set-group-ID directory it has that one's group and bit,
    /// as everywhere.
    void make(Directory parent, String name, int mode, Caller owner, SlotMaker slots) throws ErrnoException {
        Attributes above = parent.attributes();
        boolean inherits = (above.mode() & SET_GROUP_ID) != 0;
        NodeStatus status = inodes.newDirectory(
                inherits ? mode | SET_GROUP_ID : mode, owner.uid(), inherits ? above.gid() : owner.gid());
        synchronized (names) {
            if (parent.isRemoved()) {
                throw new ErrnoException(Errno.ENOENT, "directory " + parent.path() + ": has been removed");
            }
            if (parent.child(name) != null) {
                throw new ErrnoException(Errno.EEXIST, "name: value=\"" + name + "\" exists; choose another");
            }
            requireRoom();
            Directory directory = new Directory(parent, parent.channelName(name), status);
            occupy(directory, slots.make(directory, ChannelSettings.DEFAULT)).setKept(true);
            link(directory);
        }
    }

    /// `rmdir`: takes the directory and its files out of the tree.
    ///
    /// @return the life of the channel that is to be closed, or null
    ChannelLife remove(Directory directory) throws ErrnoException {
        synchronized (names) {
            if (directory.isRemoved()) {
                throw new ErrnoException(Errno.ENOENT, "directory " + directory.path() + ": has been removed");
            }
            if (!directory.subdirectories().isEmpty()) {
                throw new ErrnoException(
                        Errno.EBUSY,
                        "directory " + directory.path() + ": has "
                                + directory.subdirectories().size() + " subdirectories; remove them first");
            }
            ChannelLife life = directory.slot().life();
            end(directory.slot());
            vacate(directory);
            return life;
        }
    }

    /// A channel was opened: gives it its directory, and those above it.
    ///
    /// @param slots makes the slot of a directory that has none
    /// @param files makes the files of its first buffers
    void attach(
            RelayChannel channel, String[] components, BufferFiles files, SlotMaker slots, ChannelSettings settings) {
        synchronized (names) {
            Directory directory = root;
            for (String component : components) {
                directory = subdirectory(directory, component);
            }
            ChannelSlot slot = directory.slot();
            if (slot == null) {
                slot = occupy(directory, slots.make(directory, settings));
            }
            end(slot);
            ChannelLife life = new ChannelLife(channel, slot.behaviour());
            life.add(files.make(directory, life));
            slot.setLife(life);
            living.put(channel, slot);
        }
    }

    /// A living channel has one more buffer.
    void extend(RelayChannel channel, BufferFiles files) {
        synchronized (names) {
            ChannelSlot slot = living.get(channel);
            if (slot != null) {
                slot.life().add(files.make(slot.directory(), slot.life()));
                slot.directory().status().modified();
            }
        }
    }

    /// A channel was closed: removes its files, and its directory if that was made with it. Harmless when
    /// repeated.
    void detach(RelayChannel channel) {
        synchronized (names) {
            ChannelSlot slot = living.get(channel);
            if (slot == null) {
                return;
            }
            end(slot);
            if (!slot.isKept()) {
                vacate(slot.directory());
            }
        }
    }

    /// The directory stays when its channel goes.
    ///
    /// @return whether it would have stayed before
    boolean keep(ChannelSlot slot) throws ErrnoException {
        synchronized (names) {
            slot.requirePresent();
            boolean before = slot.isKept();
            slot.setKept(true);
            return before;
        }
    }

    /// What made somebody want the directory has failed.
    ///
    /// @param kept whether it was to stay before that
    void unkeep(ChannelSlot slot, boolean kept) {
        synchronized (names) {
            slot.setKept(kept);
        }
    }

    /// @return how many channel directories there are
    int slotCount() {
        synchronized (names) {
            return slotCount;
        }
    }

    /// @return how many there may be
    int maxSlots() {
        return options.maxChannels();
    }

    /// Refuses one more channel directory when there are as many as the options allow.
    void requireRoom() throws ErrnoException {
        synchronized (names) {
            if (slotCount >= options.maxChannels()) {
                throw new ErrnoException(
                        Errno.ENOSPC,
                        "channels: count=" + slotCount + ", limit=" + options.maxChannels()
                                + "; remove some, or mount with a larger nr_channels and a heap for them (-Xmx)");
            }
        }
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

    private void link(Directory directory) {
        directory.parent().subdirectories().put(directory.name(), directory);
        directory.parent().status().modified();
    }

    private ChannelSlot occupy(Directory directory, ChannelSlot slot) {
        directory.setSlot(slot);
        slotCount++;
        return slot;
    }

    private void end(ChannelSlot slot) {
        ChannelLife life = slot.life();
        if (life != null) {
            life.end();
            living.remove(life.channel());
            slot.setLife(null);
        }
    }

    /// The directory is no channel's any more; it and its parents go unless they still hold something.
    private void vacate(Directory directory) {
        directory.slot().setRemoved();
        directory.setSlot(null);
        slotCount--;
        Directory empty = directory;
        while (empty != root && empty.slot() == null && empty.subdirectories().isEmpty()) {
            empty.setRemoved();
            empty.parent().subdirectories().remove(empty.name());
            empty.parent().status().modified();
            empty = empty.parent();
        }
    }
}
