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
/// A directory made by `mkdir` is kept until `rmdir`, one made by the program until the program lets it go. One that
/// was made with a channel is removed with it, and so are the parents that were made for it, once nothing is in them.
final class Namespace {
    private static final int SET_GROUP_ID = 02000;

    /// Its lock protects every slot and life, and the two fields below.
    private final Directories directories;

    private final IdentityHashMap<RelayChannel, ChannelSlot> living = new IdentityHashMap<>();
    private int slotCount;

    private final Inodes inodes;
    private final TreeOptions options;

    Namespace(Inodes inodes, TreeOptions options) {
        this.inodes = inodes;
        this.options = options;
        this.directories = new Directories(inodes, options);
    }

    Directories directories() {
        return directories;
    }

    Directory root() {
        return directories.root();
    }

    /// @return the directory, or null
    Directory find(List<String> components) {
        return directories.find(components);
    }

    /// `mkdir`: adds a channel directory that is kept. Below a set-group-ID directory it has that one's group and bit,
    /// as everywhere.
    void make(Directory parent, String name, int mode, Caller owner, SlotMaker slots) throws ErrnoException {
        Attributes above = parent.attributes();
        boolean inherits = (above.mode() & SET_GROUP_ID) != 0;
        NodeStatus status = inodes.newDirectory(
                inherits ? mode | SET_GROUP_ID : mode, owner.uid(), inherits ? above.gid() : owner.gid());
        synchronized (directories) {
            if (parent.isRemoved()) {
                throw Directories.removed(parent);
            }
            if (parent.child(name) != null) {
                throw Directories.taken(name);
            }
            requireRoom();
            Directory directory = new Directory(parent, parent.channelName(name), status);
            occupy(directory, slots.make(directory, ChannelSettings.DEFAULT)).setKept(true);
            directories.link(directory);
        }
    }

    /// `rmdir`: takes the directory and its files out of the tree.
    ///
    /// @return the life of the channel that is to be closed, or null
    ChannelLife remove(Directory directory) throws ErrnoException {
        synchronized (directories) {
            if (directory.isRemoved()) {
                throw Directories.removed(directory);
            }
            Directories.requireNotHeld(directory);
            Directories.requireNoTenants(directory);
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
        synchronized (directories) {
            Directory directory = directories.below(List.of(components));
            ChannelSlot slot = directory.slot();
            if (slot == null) {
                slot = occupy(directory, slots.make(directory, settings));
            }
            end(slot);
            ChannelLife life =
                    new ChannelLife(channel, slot.behaviour(), channel.config().plainDirectory(), slot.view()::write);
            files.put(life, directory);
            slot.setLife(life);
            living.put(channel, slot);
        }
    }

    /// A living channel has one more buffer.
    void extend(RelayChannel channel, BufferFiles files) {
        synchronized (directories) {
            ChannelSlot slot = living.get(channel);
            if (slot != null) {
                files.put(slot.life(), slot.directory());
            }
        }
    }

    /// A living channel has other buffers.
    ///
    /// @return the relay files of those that it had
    List<RelayFile> replaceFiles(RelayChannel channel, BufferFiles files) {
        synchronized (directories) {
            ChannelSlot slot = living.get(channel);
            if (slot == null) {
                return List.of();
            }
            // The names are there all the time: those who look them up take no lock.
            ChannelLife before = slot.life();
            ChannelLife next = before.next();
            files.put(next, slot.directory());
            slot.setLife(next);
            next.replaceFormer();
            directories.takeAway(before);
            return before.relayFiles();
        }
    }

    /// A channel was closed: removes its files, and its directory if that was made with it. Harmless when
    /// repeated.
    void detach(RelayChannel channel) {
        synchronized (directories) {
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

    /// @return the buffers of a living channel that have no file
    List<WantedFile> refusedFiles(RelayChannel channel) {
        synchronized (directories) {
            ChannelSlot slot = living.get(channel);
            return slot == null ? List.of() : slot.life().refused();
        }
    }

    /// The directory stays when its channel goes.
    ///
    /// @return whether it would have stayed before
    boolean keep(ChannelSlot slot) throws ErrnoException {
        synchronized (directories) {
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
        synchronized (directories) {
            slot.setKept(kept);
        }
    }

    /// @return how many channel directories there are
    int slotCount() {
        synchronized (directories) {
            return slotCount;
        }
    }

    /// @return how many there may be
    int maxSlots() {
        return options.maxChannels();
    }

    /// Refuses one more channel directory when there are as many as the options allow.
    void requireRoom() throws ErrnoException {
        synchronized (directories) {
            if (slotCount >= options.maxChannels()) {
                throw new ErrnoException(
                        Errno.ENOSPC,
                        "channels: count=" + slotCount + ", limit=" + options.maxChannels()
                                + "; remove some, or mount with a larger nr_channels and a heap for them (-Xmx)");
            }
        }
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
            directories.takeAway(life);
            living.remove(life.channel());
            slot.setLife(null);
        }
    }

    /// The directory is no channel's any more. Unless the program holds it, what the program has put into it goes; it
    /// and its parents go unless there is another reason for them.
    private void vacate(Directory directory) {
        directory.slot().setRemoved();
        directory.setSlot(null);
        slotCount--;
        if (!directory.isHeld()) {
            directories.removeProgramFiles(directory);
        }
        directories.leave(directory);
    }
}
