package org.relayfs.tool.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A line of the file `channels`.
///
/// @param name           of the channel
/// @param state          `enabled`, `disabled` or `not-created`
/// @param subBufferSize  S
/// @param subBufferCount N
/// @param mode           `no-overwrite` or `overwrite`
/// @param buffers        how many it has
/// @param reservedBytes  of shared memory
/// @param header         what its sub-buffers begin with: `none`, `padding` (8 bytes), `padding4` or `events`
/// @param files          where its relay files are: `.` for its own directory, or a path from the root of the mount
public record ChannelRow(
        String name,
        String state,
        long subBufferSize,
        int subBufferCount,
        String mode,
        int buffers,
        long reservedBytes,
        String header,
        String files) {
    private static final String NOT_CREATED = "not-created";
    private static final Map<String, Integer> HEADERS = Map.of("padding", Long.BYTES, "padding4", Integer.BYTES);

    static List<ChannelRow> parse(String table) {
        List<ChannelRow> rows = new ArrayList<>();
        NamedColumns columns = NamedColumns.of(table);
        for (int line = 0; line < columns.lineCount(); line++) {
            rows.add(new ChannelRow(
                    columns.text(line, "name"),
                    columns.text(line, "state"),
                    columns.number(line, "subbuf_size"),
                    (int) columns.number(line, "n_subbufs"),
                    columns.text(line, "mode"),
                    (int) columns.number(line, "buffers"),
                    columns.number(line, "reserved"),
                    columns.text(line, "header"),
                    columns.text(line, "files")));
        }
        return rows;
    }

    boolean isCreated() {
        return !state.equals(NOT_CREATED);
    }

    public boolean isOverwrite() {
        return mode.equals("overwrite");
    }

    /// {@return in how many bytes at its start a sub-buffer tells its padding; 0 if it does not}
    public int paddingHeader() {
        return HEADERS.getOrDefault(header, 0);
    }

    /// {@return true when its records are events}
    public boolean hasEvents() {
        return header.equals("events");
    }

    public long bufferSize() {
        return subBufferSize * subBufferCount;
    }

    /// For a program to read, under the names that the file `channels` has for them.
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("state", state);
        fields.put("subbuf_size", subBufferSize);
        fields.put("n_subbufs", subBufferCount);
        fields.put("mode", mode);
        fields.put("buffers", buffers);
        fields.put("reserved", reservedBytes);
        fields.put("header", header);
        fields.put("files", files);
        return fields;
    }
}
