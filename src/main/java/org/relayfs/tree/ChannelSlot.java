package org.relayfs.tree;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.text.ChannelSettings;

/// The part of a directory that makes it a channel's: its control files, its settings for the next `create` and,
/// while it is created, the life of its channel.
final class ChannelSlot {
    /// Serialises `create`, `destroy` and `rmdir` of this directory. It is held while [org.relayfs.Relay] opens or
    /// closes the channel, so it comes before the Relay's locks and that of [Namespace]; a listener never takes it.
    private final ReentrantLock lifecycle = new ReentrantLock();

    private final Directory directory;
    private final AtomicReference<ChannelSettings> settings;
    private final FileBehaviour behaviour = new FileBehaviour();
    private final PeriodicFlush periodicFlush;
    private final KeptView view = new KeptView(this);
    private final Map<String, ControlFile> controlFiles;
    private volatile ChannelLife life;
    private volatile boolean kept;
    private volatile boolean removed;

    ChannelSlot(
            Directory directory,
            ChannelSettings settings,
            FlushTimer timer,
            Function<ChannelSlot, Map<String, ControlFile>> files) {
        this.directory = directory;
        this.settings = new AtomicReference<>(settings);
        this.periodicFlush = new PeriodicFlush(timer, this);
        this.controlFiles = files.apply(this);
        controlFiles.values().forEach(file -> file.status().whenChanged(view::write));
        directory.status().whenChanged(view::write);
    }

    /// What is to be there again when the channel is taken over.
    KeptView view() {
        return view;
    }

    ReentrantLock lifecycle() {
        return lifecycle;
    }

    Directory directory() {
        return directory;
    }

    ChannelSettings settings() {
        return settings.get();
    }

    void setSettings(ChannelSettings wanted) {
        settings.set(wanted);
        view.write();
    }

    /// Changes one setting without affecting those that others change at the same time.
    void set(UnaryOperator<ChannelSettings> change) {
        settings.updateAndGet(change);
        view.write();
    }

    FileBehaviour behaviour() {
        return behaviour;
    }

    /// Those who wait for room, or for the news of it, learn whether they are to go on waiting.
    void setBlockingWrites(boolean wait) {
        behaviour.setBlockingWrites(wait);
        ChannelLife present = life;
        if (present != null) {
            RingBuffer.of(present.channel().buffers()).forEach(RingBuffer::tellWriters);
        }
    }

    PeriodicFlush periodicFlush() {
        return periodicFlush;
    }

    Map<String, ControlFile> controlFiles() {
        return controlFiles;
    }

    /// @return the life of the channel that is created now, or null
    ChannelLife life() {
        return life;
    }

    ChannelLife requireLife() throws ErrnoException {
        ChannelLife present = life;
        if (present == null) {
            throw new ErrnoException(
                    Errno.ESHUTDOWN,
                    "channel " + directory.channelName() + ": not created; write 1 to its create file");
        }
        return present;
    }

    /// @return true when the directory stays after its channel is gone, until `rmdir`
    boolean isKept() {
        return kept;
    }

    void requirePresent() throws ErrnoException {
        if (removed) {
            throw new ErrnoException(
                    Errno.ENODEV,
                    "channel " + directory.channelName() + ": its directory was removed; open the file again");
        }
    }

    /// By [Namespace], under its lock.
    void setLife(ChannelLife newLife) {
        life = newLife;
        directory.status().modified();
    }

    /// By [Namespace], under its lock.
    void setKept(boolean stays) {
        kept = stays;
        view.write();
    }

    /// By [Namespace], under its lock.
    void setRemoved() {
        removed = true;
        periodicFlush.stop();
    }
}
