package org.relayfs.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.relayfs.RelayChannel;

/// One life of a channel in a directory: from its opening to its closing, with the files of its buffers, in that
/// directory and elsewhere. The next channel of the same name has another life and other files. So has the same channel
/// after a resize.
final class ChannelLife {
    /// A file in another directory than the channel's.
    record Placed(Directory directory, String name, Node node) {}

    private final RelayChannel channel;
    private final FileBehaviour behaviour;

    /// Replaced, never changed; by [Namespace], under its lock.
    private volatile Map<String, Node> files = Map.of();

    /// Replaced, never changed; by [FilePlaces], under the lock of the names.
    private volatile List<Placed> placed = List.of();

    private volatile List<WantedFile> refused = List.of();

    private final boolean plain;
    private final Runnable keeper;
    private volatile boolean ended;
    private volatile boolean replaced;

    /// While this life's files are made: the one whose files they replace. By [Namespace], under its lock.
    private ChannelLife before;

    /// @param plain  true: its relay files have no counters beside them
    /// @param keeper keeps what somebody has changed of its files
    ChannelLife(RelayChannel channel, FileBehaviour behaviour, boolean plain, Runnable keeper) {
        this.keeper = keeper;
        this.channel = channel;
        this.behaviour = behaviour;
        this.plain = plain;
    }

    /// {@return the next life of the same channel, whose files take the place of this one's}
    ChannelLife next() {
        ChannelLife next = new ChannelLife(channel, behaviour, plain, keeper);
        next.before = this;
        return next;
    }

    /// {@return the file that one of these is going to replace, or null}
    Node former(Directory directory, String name) {
        if (before == null) {
            return null;
        }
        for (Placed file : before.placed) {
            if (file.directory() == directory && file.name().equals(name)) {
                return file.node();
            }
        }
        return before.files.get(name);
    }

    /// All files are made.
    void replaceFormer() {
        before.replaced = true;
        before.ended = true;
        before = null;
    }

    /// {@return true when the channel goes on in another life}
    boolean isReplaced() {
        return replaced;
    }

    /// {@return what is called when somebody has changed permissions or owner of one of its files}
    Runnable keeper() {
        return keeper;
    }

    RelayChannel channel() {
        return channel;
    }

    FileBehaviour behaviour() {
        return behaviour;
    }

    boolean isPlain() {
        return plain;
    }

    /// @return those in its own directory, by name, in the order in which the buffers came
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

    /// @return the files of its buffers in other directories
    List<Placed> placed() {
        return placed;
    }

    void addPlaced(Directory directory, String name, Node node) {
        directory.addPlaced(name, node, this);
        placed = plus(placed, new Placed(directory, name, node));
    }

    // The counters hold the buffer, whose memory is to be free when nobody uses it any more.
    private static void letGo(Node node) {
        if (node instanceof ControlFile counter) {
            counter.letGo();
        }
    }

    /// @return the buffers that have no file, because there is no room for it where it should be
    List<WantedFile> refused() {
        return refused;
    }

    void addRefused(WantedFile file) {
        refused = plus(refused, file);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> all = new ArrayList<>(list);
        all.add(more);
        return Collections.unmodifiableList(all);
    }

    /// @return the files of its buffers, wherever they are, without the counters
    List<RelayFile> relayFiles() {
        List<RelayFile> all = new ArrayList<>();
        files.values().forEach(node -> addRelayFile(all, node));
        placed.forEach(file -> addRelayFile(all, file.node()));
        return all;
    }

    private static void addRelayFile(List<RelayFile> all, Node node) {
        if (node instanceof RelayFile file) {
            all.add(file);
        }
    }

    /// By [Namespace], under its lock. What is open goes on answering for its buffer.
    void end() {
        ended = true;
        files.values().forEach(ChannelLife::letGo);
        placed.forEach(file -> letGo(file.node()));
    }
}
