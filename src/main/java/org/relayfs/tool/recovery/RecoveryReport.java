package org.relayfs.tool.recovery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.relayfs.buffer.BufferStats;
import org.relayfs.ring.RecoveredBuffer;
import org.relayfs.ring.RecoveredBuffer.LeftOut;
import org.relayfs.tool.cli.TextTable;
import org.relayfs.tool.recovery.RecoveredChannel.Part;

/// What `recover` says of a channel.
final class RecoveryReport {
    private final RecoveredChannel channel;

    RecoveryReport(RecoveredChannel channel) {
        this.channel = channel;
    }

    /// For people.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(channel.folder() + ": " + channel.bytes() + " bytes to " + channel.output());
        if (!channel.parts().isEmpty()) {
            TextTable table = new TextTable(
                    1, "file", "sub-buffers", "bytes", "records", "holes", "unfinished", "refused", "overwritten");
            channel.parts().forEach(part -> table.add(row(part)));
            lines.addAll(table.lines());
        }
        lines.addAll(channel.failures());
        channel.parts().forEach(part -> addNotes(part, lines));
        if (channel.survivors() > 0) {
            lines.add("processes that live and have it attached: " + channel.survivors()
                    + "; what they have written since this began is not in the files");
        }
        return lines;
    }

    private List<String> row(Part part) {
        RecoveredBuffer buffer = part.buffer();
        return List.of(
                name(part),
                Long.toString(buffer.subBuffers()),
                Long.toString(buffer.bytes()),
                buffer.records() < 0 ? "-" : Long.toString(buffer.records()),
                text(buffer.holes()),
                text(buffer.unfinished()),
                counter(buffer, this::refused),
                counter(buffer, BufferStats::overwritten));
    }

    // The file, and which of its generations, if the channel was resized.
    private static String name(Part part) {
        return part.generation() == 0 ? part.file() : part.file() + ":" + part.generation();
    }

    // Where the oldest is overwritten, being full is no refusal.
    private long refused(BufferStats stats) {
        return stats.big() + stats.straggler() + (channel.overwrites() ? 0 : stats.full());
    }

    private static String text(LeftOut left) {
        return left.count() == 0 ? "0" : left.count() + " (" + left.bytes() + " bytes)";
    }

    private static String counter(RecoveredBuffer buffer, ToLongFunction<BufferStats> counter) {
        return buffer.stats()
                .map(stats -> Long.toString(counter.applyAsLong(stats)))
                .orElse("-");
    }

    private static void addNotes(Part part, List<String> lines) {
        RecoveredBuffer buffer = part.buffer();
        String file = name(part) + ": ";
        buffer.damage().ifPresent(what -> lines.add(file + "damaged: " + what));
        if (buffer.doubtful().count() > 0) {
            lines.add(file + "left out, because it cannot be told whose they are: "
                    + buffer.doubtful().bytes() + " bytes in "
                    + buffer.doubtful().count() + " places");
        }
        if (buffer.overtaken() > 0) {
            lines.add(file + "sub-buffers that a living process has overwritten meanwhile: " + buffer.overtaken());
        }
        if (buffer.isCut()) {
            lines.add(file + "ends where a living process has not finished a record");
        }
        if (buffer.isStopped()) {
            lines.add(file + "interrupted");
        }
    }

    /// For programs.
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("folder", channel.folder());
        fields.put("output", channel.output());
        fields.put("incomplete", channel.isIncomplete());
        fields.put("failures", channel.failures());
        fields.put("survivors", channel.survivors());
        fields.put(
                "buffers", channel.parts().stream().map(RecoveryReport::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Part part) {
        RecoveredBuffer buffer = part.buffer();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", part.file());
        fields.put("generation", part.generation());
        fields.put("sub_buffers", buffer.subBuffers());
        fields.put("bytes", buffer.bytes());
        fields.put("records", buffer.records() < 0 ? null : buffer.records());
        put(fields, "holes", buffer.holes());
        put(fields, "unfinished", buffer.unfinished());
        put(fields, "doubtful", buffer.doubtful());
        fields.put("overtaken", buffer.overtaken());
        fields.put("cut", buffer.isCut());
        fields.put("interrupted", buffer.isStopped());
        fields.put("damage", buffer.damage().orElse(null));
        put(fields, "full", buffer.stats().map(BufferStats::full));
        put(fields, "big", buffer.stats().map(BufferStats::big));
        put(fields, "straggler", buffer.stats().map(BufferStats::straggler));
        put(fields, "lost_bytes", buffer.stats().map(BufferStats::lostBytes));
        put(fields, "overwritten", buffer.stats().map(BufferStats::overwritten));
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, LeftOut left) {
        fields.put(name, left.count());
        fields.put(name + "_bytes", left.bytes());
    }

    private static void put(Map<String, Object> fields, String name, Optional<Long> counter) {
        fields.put(name, counter.orElse(null));
    }
}
