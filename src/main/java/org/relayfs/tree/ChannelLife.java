package org.relayfs.tree;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.relayfs.RelayChannel;

/// One life of a channel in a directory: from its opening to its closing, with the files of its buffers. The next
/// channel of the same name has another life and other files.
final class ChannelLife {
    private final RelayChannel channel;
    private final ReadBehaviour behaviour;

    /// Replaced, never changed; by [Namespace], under its lock.
    private volatile Map<String, Node> files = Map.of();

    private volatile boolean ended;

    ChannelLife(RelayChannel channel, ReadBehaviour behaviour) {
        this.channel = channel;
        this.behaviour = behaviour;
    }

    RelayChannel channel() {
        return channel;
    }

    ReadBehaviour behaviour() {
        return behaviour;
    }

    /// @return by name, in the order in which the buffers came
    Map<String, Node> files() {
        return files;
    }

    boolean isEnded() {
        return ended;
    }

    /// By [Namespace], under its lock.
    void add(Map<String, Node> more) {
        Map<String, Node> all = new LinkedHashMap<>(files);
        more.forEach(all::putIfAbsent);
        files = Collections.unmodifiableMap(all);
    }

    /// By [Namespace], under its lock. What is open goes on answering for its buffer.
    void end() {
        ended = true;
    }
}
