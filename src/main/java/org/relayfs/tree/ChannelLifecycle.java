package org.relayfs.tree;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.relayfs.ChannelConfig;
import org.relayfs.QuotaException;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.ChannelSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The creation and destruction of channels for control files and `rmdir`. The tree itself changes when the Relay
/// reports it. Thread-safe; operations on one directory are serialised under [ChannelSlot#lifecycle()].
final class ChannelLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLifecycle.class);

    private final Relay relay;
    private final Namespace namespace;

    ChannelLifecycle(Relay relay, Namespace namespace) {
        this.relay = relay;
        this.namespace = namespace;
    }

    /// The `create` file, not zero: creates the channel with the present settings, in the place of the one that there
    /// is. When that fails, nothing has changed.
    void create(ChannelSlot slot) throws ErrnoException {
        slot.lifecycle().lock();
        try {
            ChannelSettings settings = slot.settings();
            ChannelConfig config = settings.toConfig();
            ChannelName name = ChannelName.of(slot.directory().channelName());
            ReservedNames.requireFreeFiles(namespace.directories(), name.components(), settings.files());
            boolean kept = namespace.keep(slot);
            try {
                make(name, () -> relay.replace(name, config));
            } catch (ErrnoException refused) {
                namespace.unkeep(slot, kept);
                throw refused;
            }
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

    /// `create NAME …` on `control`. A directory made by `mkdir` supplies the settings that the command does not
    /// name, and stores the result.
    void create(ControlCommand command) throws ErrnoException {
        List<String> components = command.name().components();
        ReservedNames.requireFree(namespace.root(), components);
        Directory directory = namespace.find(components);
        ChannelSlot slot = directory == null ? null : directory.slot();
        if (slot != null) {
            createIn(slot, command);
            return;
        }
        ChannelSettings settings = command.applyTo(ChannelSettings.DEFAULT);
        ReservedNames.requireFreeFiles(namespace.directories(), components, settings.files());
        namespace.requireRoom();
        open(command.name(), settings);
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
            requireNotPlain(command.name(), settings);
            ReservedNames.requireFreeFiles(
                    namespace.directories(), command.name().components(), settings.files());
            open(command.name(), settings);
            slot.setSettings(settings);
            command.applyTo(slot);
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// The `resize` file: gives the channel the geometry that waits in the settings.
    void resize(ChannelSlot slot) throws ErrnoException {
        slot.lifecycle().lock();
        try {
            resize(slot.requireLife().channel(), slot.settings());
        } finally {
            slot.lifecycle().unlock();
        }
    }

    /// `resize NAME …` on `control`: what the command does not name stays as it is.
    void resize(ControlCommand command) throws ErrnoException {
        Directory directory = namespace.find(command.name().components());
        ChannelSlot slot = directory == null ? null : directory.slot();
        if (slot == null) {
            throw missing(command.name());
        }
        slot.lifecycle().lock();
        try {
            ChannelLife life = slot.life();
            if (life == null) {
                throw missing(command.name());
            }
            resize(
                    life.channel(),
                    command.applyTo(ChannelSettings.of(life.channel().config())));
            slot.setSettings(command.applyTo(slot.settings()));
        } finally {
            slot.lifecycle().unlock();
        }
    }

    private static void resize(RelayChannel channel, ChannelSettings wanted) throws ErrnoException {
        ChannelConfig config = wanted.toConfig();
        carryOut(
                "resized",
                channel.name(),
                () -> channel.resize(config.subBufferSize(), config.subBufferCount()),
                refused ->
                        new ErrnoException(channel.isClosed() ? Errno.ESHUTDOWN : Errno.EBUSY, refused.getMessage()));
    }

    /// `destroy NAME` on `control`.
    void destroy(ChannelName name) throws ErrnoException {
        Directory directory = namespace.find(name.components());
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
            Directories.requireNotHeld(directory);
            Directories.requireNoTenants(directory);
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
    RelayChannel require(ChannelName name) throws ErrnoException {
        Directory directory = namespace.find(name.components());
        ChannelSlot slot = directory == null ? null : directory.slot();
        ChannelLife life = slot == null ? null : slot.life();
        if (life == null) {
            throw missing(name);
        }
        return life.channel();
    }

    @FunctionalInterface
    private interface Making {
        void make() throws IOException, ErrnoException;
    }

    private void open(ChannelName name, ChannelSettings settings) throws ErrnoException {
        ChannelConfig config = settings.toConfig();
        make(name, () -> requireAllFiles(relay.open(name, config)));
    }

    /// Somebody may have taken the place of a file since it was looked at.
    private void requireAllFiles(RelayChannel channel) throws ErrnoException {
        List<WantedFile> refused = namespace.refusedFiles(channel);
        if (!refused.isEmpty()) {
            channel.close();
            namespace.detach(channel);
            throw new ErrnoException(
                    Errno.EEXIST,
                    "files: value=\"" + refused.getFirst().asked()
                            + "\" is taken, limit=a free name; choose another base or another directory");
        }
    }

    /// The control files of a directory that `mkdir` has made do not go.
    private static void requireNotPlain(ChannelName name, ChannelSettings settings) throws ErrnoException {
        if (settings.files().plain()) {
            throw new ErrnoException(
                    Errno.EEXIST,
                    "plain: value=1, limit=0 in " + name
                            + ", a directory that has control files already; remove it first, or choose another name");
        }
    }

    private void make(ChannelName name, Making making) throws ErrnoException {
        carryOut(
                "created",
                name.toString(),
                making,
                refused -> relay.channel(name.toString()).isPresent()
                        ? exists(name)
                        : new ErrnoException(Errno.ESHUTDOWN, refused.getMessage()));
    }

    private static void carryOut(
            String what, String name, Making making, Function<IllegalStateException, ErrnoException> stateRefusal)
            throws ErrnoException {
        try {
            making.make();
        } catch (IllegalArgumentException refused) {
            throw new ErrnoException(Errno.EINVAL, refused.getMessage());
        } catch (IllegalStateException refused) {
            throw stateRefusal.apply(refused);
        } catch (QuotaException refused) {
            throw new ErrnoException(refused.outOfSpace() ? Errno.ENOSPC : Errno.EDQUOT, refused.getMessage());
        } catch (IOException failed) {
            LOG.warn("channel {}: cannot be {}", name, what, failed);
            throw new ErrnoException(Errno.EIO, failed.toString());
        }
    }

    private void close(ChannelLife life) {
        if (life != null) {
            life.channel().close();
            namespace.detach(life.channel());
        }
    }

    private static ErrnoException exists(ChannelName name) {
        return new ErrnoException(
                Errno.EEXIST, "channel: value=\"" + name + "\" exists; destroy it first, or choose another name");
    }

    private static ErrnoException missing(ChannelName name) {
        return new ErrnoException(
                Errno.ENOENT, "channel: value=\"" + name + "\" is not created; the file channels lists the channels");
    }
}
