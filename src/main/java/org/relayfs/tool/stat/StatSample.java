package org.relayfs.tool.stat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tool.cli.Json;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.client.ChannelRow;
import org.relayfs.tool.client.MountRoot;

/// The counters of a mount's channels at one moment.
///
/// @param timeNs   of `System.nanoTime`
/// @param channels by name, in the order of the table
record StatSample(long timeNs, Map<String, Channel> channels) {
    /// One channel.
    ///
    /// @param row   of the table
    /// @param stats of its buffers, by CPU; empty when this user may not read them
    record Channel(ChannelRow row, Optional<Map<Integer, BufferStats>> stats) {
        Optional<StatTotals> totals() {
            return stats.map(buffers -> StatTotals.of(buffers.values(), row.isOverwrite()));
        }
    }

    /// @param name of the only channel to look at, or null
    static StatSample take(MountRoot mount, String name) throws IOException, ToolException {
        Map<String, Channel> channels = new LinkedHashMap<>();
        List<ChannelRow> rows =
                name == null ? mount.channels() : List.of(mount.channel(name).row());
        for (ChannelRow row : rows) {
            channels.put(
                    row.name(),
                    new Channel(row, stats(new ChannelFolder(mount.path().resolve(row.name()), row))));
        }
        return new StatSample(System.nanoTime(), channels);
    }

    private static Optional<Map<Integer, BufferStats>> stats(ChannelFolder folder) throws IOException {
        try {
            Map<Integer, BufferStats> stats = new LinkedHashMap<>();
            new ArrayList<>(folder.stats()).forEach(buffer -> stats.put(buffer.cpu(), buffer));
            return Optional.of(stats);
        } catch (AccessDeniedException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// All that is known, for a program to read.
    String json() {
        return Json.of(Map.of(
                "channels", channels.values().stream().map(StatSample::fields).toList()));
    }

    private static Map<String, Object> fields(Channel channel) {
        Map<String, Object> fields = channel.row().fields();
        fields.put(
                "stats",
                channel.stats()
                        .map(stats ->
                                stats.values().stream().map(StatSample::fields).toList())
                        .orElse(null));
        return fields;
    }

    /// Under the names that the file `stats` has for them.
    private static Map<String, Object> fields(BufferStats stats) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cpu", stats.cpu());
        fields.put("produced", stats.produced());
        fields.put("consumed", stats.consumed());
        fields.put("ready", stats.ready());
        fields.put("bytes_written", stats.bytesWritten());
        fields.put("bytes_read", stats.bytesRead());
        fields.put("records", stats.records());
        fields.put("full", stats.full());
        fields.put("big", stats.big());
        fields.put("straggler", stats.straggler());
        fields.put("lost_bytes", stats.lostBytes());
        fields.put("overwritten", stats.overwritten());
        fields.put("skipped", stats.skipped());
        fields.put("abandoned", stats.abandoned());
        fields.put("damaged", stats.damaged() ? 1L : 0L);
        return fields;
    }
}
