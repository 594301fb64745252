package org.relayfs.tree;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tree.text.ControlText;

/// The tables of all buffers: where their files are (`buffers`), and what they have counted (`stats`). Readers of
/// channels find there what is not in the channel's directory.
final class BufferTable {
    private BufferTable() {}

    /// The file `buffers`: a line for each buffer that has a file, with the path of that from the root of the mount.
    /// What
    /// is not a visible ASCII character in it, and each backslash, is three octal digits, as in /proc/mounts.
    static byte[] places(Directory root) {
        StringBuilder text = new StringBuilder("channel cpu file\n");
        forEach(root, (name, life) -> {
            for (RelayFile file : life.relayFiles()) {
                text.append(name).append(' ').append(file.buffer().cpu()).append(' ');
                appendEscaped(text, file.path());
                text.append('\n');
            }
        });
        return ControlText.bytes(text.toString());
    }

    /// The file `stats` of the root: as those of the channels, with the channel in front.
    static byte[] stats(Directory root) {
        StringBuilder text = new StringBuilder("channel ").append(StatsTable.HEADER);
        forEach(root, (name, life) -> {
            List<BufferStats> buffers = life.channel().stats();
            for (BufferStats stats : buffers) {
                StatsTable.appendLine(text.append(name).append(' '), stats);
            }
        });
        return ControlText.bytes(text.toString());
    }

    static void forEach(Directory directory, BiConsumer<String, ChannelLife> action) {
        for (Directory below : new TreeMap<>(directory.subdirectories()).values()) {
            ChannelSlot slot = below.slot();
            ChannelLife life = slot == null ? null : slot.life();
            if (life != null) {
                action.accept(below.channelName(), life);
            }
            forEach(below, action);
        }
    }

    private static void appendEscaped(StringBuilder text, String path) {
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b <= '~' && b != '\\') {
                text.append((char) b);
            } else {
                text.append(String.format("\\%03o", b & 0xFF));
            }
        }
    }
}
