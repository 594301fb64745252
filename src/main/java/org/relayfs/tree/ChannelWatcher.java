package org.relayfs.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.relayfs.ChannelListener;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.text.ChannelSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link from the Relay's events to the tree: every named channel, whoever opened it, gets a directory and the
/// files of its buffers, and loses them when it is closed. All it does is quick; it waits for [Namespace]'s lock
/// only.
final class ChannelWatcher implements ChannelListener {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelWatcher.class);

    private static final int MAX_FILE_NAME_LENGTH = 255;

    private final Namespace namespace;
    private final SlotMaker slots;
    private final RelayFiles files;
    private final List<Runnable> removalListeners = new CopyOnWriteArrayList<>();

    ChannelWatcher(Namespace namespace, SlotMaker slots, RelayFiles files) {
        this.namespace = namespace;
        this.slots = slots;
        this.files = files;
    }

    @Override
    public void channelOpened(RelayChannel channel) {
        if (channel.name() == null) {
            return;
        }
        String[] components = channel.name().split("/");
        for (int i = 0; i < components.length; i++) {
            if (ReservedNames.isControlFile(i, components[i])) {
                LOG.warn(
                        "channel {}: not shown, because {} is the name of a control file",
                        channel.name(),
                        components[i]);
                return;
            }
        }
        ChannelSettings settings = ChannelSettings.of(channel.config());
        namespace.attach(channel, components, filesOf(channel, RingBuffer.of(channel.buffers())), slots, settings);
    }

    @Override
    public void bufferAdded(RelayChannel channel, ChannelBuffer buffer) {
        namespace.extend(channel, filesOf(channel, List.of(RingBuffer.of(buffer))));
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
        Map<String, RingBuffer> named = new LinkedHashMap<>();
        for (RingBuffer buffer : buffers) {
            String name = channel.fileName(buffer);
            if (isFileName(name) && named.putIfAbsent(name, buffer) == null) {
                continue;
            }
            LOG.warn(
                    "channel {}: the buffer of CPU {} has no file, because {} is not a valid file name",
                    channel.name(),
                    buffer.cpu(),
                    name);
        }
        int mode = channel.config().fileMode();
        return (directory, life) -> {
            Map<String, Node> all = new LinkedHashMap<>();
            named.forEach((name, buffer) -> all.putAll(files.of(directory, life, buffer, name, mode)));
            return all;
        };
    }

    /// The callback of the client may have chosen any name.
    private static boolean isFileName(String name) {
        return name != null
                && !name.isEmpty()
                && name.length() + RelayFiles.PRODUCED.length() <= MAX_FILE_NAME_LENGTH
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0
                && !name.startsWith(".")
                && !ReservedNames.isControlFile(1, name);
    }
}
