package org.relayfs.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.relayfs.ChannelListener;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.text.ChannelSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link from the Relay's events to the tree: every named channel, whoever opened it, gets a directory and the
/// files of its buffers, wherever they are to be, and loses them when it is closed. All it does is quick; it waits for
/// [Namespace]'s lock
/// only.
final class ChannelWatcher implements ChannelListener {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelWatcher.class);

    private final Namespace namespace;
    private final SlotMaker slots;
    private final FilePlaces places;
    private final List<Runnable> removalListeners = new CopyOnWriteArrayList<>();

    ChannelWatcher(Namespace namespace, SlotMaker slots, FilePlaces places) {
        this.namespace = namespace;
        this.slots = slots;
        this.places = places;
    }

    @Override
    public void channelOpened(RelayChannel channel) {
        if (channel.name() == null) {
            return;
        }
        String[] components = channel.name().split("/");
        String file = ReservedNames.fileInTheWay(namespace.root(), List.of(components));
        if (file != null) {
            LOG.warn("channel {}: not shown, because {} is the name of a file there", channel.name(), file);
            return;
        }
        ChannelSettings settings = ChannelSettings.of(channel.config());
        List<ChannelBuffer> buffers = channel.buffers();
        namespace.attach(channel, components, filesOf(channel, RingBuffer.of(buffers)), slots, settings);
        logRefused(channel, buffers);
        ChannelSlot slot = namespace.find(List.of(components)).slot();
        if (channel.isAdopted()) {
            slot.view().restore();
        }
        slot.view().write();
    }

    @Override
    public void bufferAdded(RelayChannel channel, ChannelBuffer buffer) {
        namespace.extend(channel, filesOf(channel, List.of(RingBuffer.of(buffer))));
        logRefused(channel, List.of(buffer));
    }

    @Override
    public void channelResized(RelayChannel channel) {
        List<RelayFile> former = namespace.replaceFiles(channel, filesOf(channel, RingBuffer.of(channel.buffers())));
        former.forEach(file -> file.buffer().wakeAll());
        removalListeners.forEach(Runnable::run);
    }

    @Override
    public void channelClosed(RelayChannel channel) {
        namespace.detach(channel);
        removalListeners.forEach(Runnable::run);
    }

    /// Those to tell when files of buffers have gone.
    List<Runnable> removalListeners() {
        return removalListeners;
    }

    /// Asks the channel for the names now, so that nothing of it is called under the lock of the namespace.
    private BufferFiles filesOf(RelayChannel channel, List<RingBuffer> buffers) {
        List<String> components = List.of(channel.name().split("/"));
        List<WantedFile> wanted = new ArrayList<>();
        for (RingBuffer buffer : buffers) {
            String asked = channel.fileName(buffer);
            wanted.add(new WantedFile(FilePath.of(asked, components), buffer, asked));
        }
        return (life, own) -> places.put(life, own, wanted);
    }

    private void logRefused(RelayChannel channel, List<ChannelBuffer> buffers) {
        for (WantedFile file : namespace.refusedFiles(channel)) {
            if (buffers.contains(file.buffer())) {
                LOG.warn(
                        "channel {}: the buffer of CPU {} has no file, because {} is {}",
                        channel.name(),
                        file.buffer().cpu(),
                        file.asked(),
                        file.path() == null ? "not a valid file name" : "taken");
            }
        }
    }
}
