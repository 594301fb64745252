package org.relayfs.tree;

import java.io.IOException;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.QuotaException;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates and destroys channels for control files and `rmdir`. The tree itself changes when the Relay tells of it.
/// Thread-safe; what concerns one directory is done one after another, under [ChannelSlot#lifecycle()].
final class ChannelLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLifecycle.class);

    private final Relay relay;
    private final Namespace namespace;

    ChannelLifecycle(Relay relay, Namespace namespace) {
        this.relay = relay;
        this.namespace = namespace;
    }

    /// The `create` file, not zero: destroys the channel if there is one, and creates it with the present settings.
    /// Settings that can never work are refused before anything is destroyed.
    void create(ChannelSlot slot) throws ErrnoException {
        slot.lifecycle().lock();
        try {
            ChannelSettings settings = slot.settings();
            ChannelConfig config = settings.toConfig();
            requireFreeFileNames(slot.directory(), settings.baseName());
            namespace.keep(slot);
            close(slot.life());
            open(slot.directory().channelName(), config);
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// The `create` file, zero.
    void destroy(ChannelSlot slot) throws ErrnoException {
        slot.lifecycle().lock();
        try {
            namespace.keep(slot);
            close(slot.life());
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// `create NAME …` on `control`. A directory that `mkdir` made lends its settings to what the command leaves open,
    /// and takes the result over.
    void create(ControlCommand command) throws ErrnoException {
        List<String> components = ChannelName.parse(command.name());
        requireFreeName(components);
        Directory directory = namespace.find(components);
        ChannelSlot slot = directory == null ? null : directory.slot();
        if (slot != null) {
            createIn(slot, command);
            return;
        }
        ChannelSettings settings = command.applyTo(ChannelSettings.DEFAULT);
        if (directory != null) {
            requireFreeFileNames(directory, settings.baseName());
        }
        namespace.requireRoom();
        open(command.name(), settings.toConfig());
        Directory made = namespace.find(components);
        if (made != null && made.slot() != null) {
            command.applyTo(made.slot());
        }
    }

    private void createIn(ChannelSlot slot, ControlCommand command) throws ErrnoException {
        slot.lifecycle().lock();
        try {
            if (slot.life() != null) {
                throw exists(command.name());
            }
            ChannelSettings settings = command.applyTo(slot.settings());
            requireFreeFileNames(slot.directory(), settings.baseName());
            open(command.name(), settings.toConfig());
            slot.setSettings(settings);
            command.applyTo(slot);
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// `destroy NAME` on `control`.
    void destroy(String name) throws ErrnoException {
        Directory directory = namespace.find(ChannelName.parse(name));
        ChannelSlot slot = directory == null ? null : directory.slot();
        if (slot == null) {
            throw missing(name);
        }
        slot.lifecycle().lock();
        try {
            if (slot.life() == null) {
                throw missing(name);
            }
            close(slot.life());
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// `rmdir`.
    void remove(Directory directory) throws ErrnoException {
        ChannelSlot slot = directory.slot();
        if (slot == null) {
            throw new ErrnoException(Errno.EBUSY, "directory " + directory.path() + ": remove what is in it first");
        }
        slot.lifecycle().lock();
        try {
            close(namespace.remove(directory));
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// @return the created channel of that name
    RelayChannel require(String name) throws ErrnoException {
        Directory directory = namespace.find(ChannelName.parse(name));
        ChannelSlot slot = directory == null ? null : directory.slot();
        ChannelLife life = slot == null ? null : slot.life();
        if (life == null) {
            throw missing(name);
        }
        return life.channel();
    }

    private void open(String name, ChannelConfig config) throws ErrnoException {
        try {
            relay.open(name, config);
        } catch (IllegalArgumentException refused) {
            throw new ErrnoException(Errno.EINVAL, refused.getMessage());
        } catch (IllegalStateException refused) {
            throw relay.channel(name).isPresent()
                    ? exists(name)
                    : new ErrnoException(Errno.ESHUTDOWN, refused.getMessage());
        } catch (QuotaException refused) {
            throw new ErrnoException(refused.outOfSpace() ? Errno.ENOSPC : Errno.EDQUOT, refused.getMessage());
        } catch (IOException failed) {
            LOG.warn("channel {}: cannot be created", name, failed);
            throw new ErrnoException(Errno.EIO, failed.toString());
        }
    }

    private void close(ChannelLife life) {
        if (life != null) {
            life.channel().close();
            namespace.detach(life.channel());
        }
    }

    private void requireFreeName(List<String> components) throws ErrnoException {
        Directory directory = namespace.root();
        for (int i = 0; i < components.size(); i++) {
            String name = components.get(i);
            boolean taken = directory == null
                    ? ReservedNames.isControlFile(i, name)
                    : ReservedNames.isReserved(directory, name);
            if (taken) {
                boolean last = i == components.size() - 1;
                throw new ErrnoException(
                        last ? Errno.EEXIST : Errno.ENOTDIR,
                        "name: value=\"" + name + "\" is the name of a file there; choose another");
            }
            directory = directory == null ? null : directory.subdirectories().get(name);
        }
    }

    /// A subdirectory may have taken the name of a relay file while there was none.
    private static void requireFreeFileNames(Directory directory, String base) throws ErrnoException {
        for (String name : directory.subdirectories().keySet()) {
            if (RelayFiles.isFileOfBase(base, name)) {
                throw new ErrnoException(
                        Errno.EEXIST,
                        "subdirectory: value=\"" + name + "\" has the name of a relay file with base=" + base
                                + "; remove it, or create with another base");
            }
        }
    }

    private static ErrnoException exists(String name) {
        return new ErrnoException(
                Errno.EEXIST, "channel: value=\"" + name + "\" exists; destroy it first, or choose another name");
    }

    private static ErrnoException missing(String name) {
        return new ErrnoException(
                Errno.ENOENT, "channel: value=\"" + name + "\" is not created; the file channels lists the channels");
    }
}
