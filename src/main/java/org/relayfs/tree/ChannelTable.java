package org.relayfs.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.ControlText;
import org.relayfs.tree.text.Setting;

/// The `channels` file: a header and a line for each channel directory, in columns padded with spaces. A created
/// channel shows the settings it was created with, any other those of its files.
final class ChannelTable {
    private static final List<String> HEADER =
            List.of("name", "state", "subbuf_size", "n_subbufs", "mode", "buffers", "reserved", "header", "files");

    private ChannelTable() {}

    static byte[] of(Directory root) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        addBelow(root, rows);
        return ControlText.bytes(columns(rows));
    }

    private static void addBelow(Directory directory, List<List<String>> rows) {
        for (Directory below : new TreeMap<>(directory.subdirectories()).values()) {
            ChannelSlot slot = below.slot();
            if (slot != null) {
                rows.add(row(below.channelName(), slot));
            }
            addBelow(below, rows);
        }
    }

    private static List<String> row(String name, ChannelSlot slot) {
        ChannelLife life = slot.life();
        if (life == null) {
            return row(name, "not-created", slot.settings(), 0, 0);
        }
        RelayChannel channel = life.channel();
        ChannelConfig config = channel.config();
        return row(
                name,
                state(channel),
                ChannelSettings.of(config),
                channel.buffers().size(),
                channel.reservedBytes());
    }

    private static String state(RelayChannel channel) {
        if (RingBuffer.of(channel.buffers()).stream().anyMatch(RingBuffer::isDamaged)) {
            return "damaged";
        }
        return channel.isEnabled() ? "enabled" : "disabled";
    }

    private static List<String> row(String name, String state, ChannelSettings settings, int buffers, long reserved) {
        return List.of(
                name,
                state,
                Setting.SUBBUF_SIZE.show(settings),
                Setting.N_SUBBUFS.show(settings),
                Setting.MODE.show(settings),
                Integer.toString(buffers),
                Long.toString(reserved),
                settings.events() ? Setting.FORMAT.show(settings) : Setting.HEADER.show(settings),
                Setting.FILES.show(settings));
    }

    private static String columns(List<List<String>> rows) {
        int[] widths = IntStream.range(0, HEADER.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size() - 1; column++) {
                String cell = row.get(column);
                text.append(cell).repeat(' ', widths[column] - cell.length() + 1);
            }
            text.append(row.getLast()).append('\n');
        }
        return text.toString();
    }
}
