package org.relayfs.tool.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.Loss;
import org.relayfs.tool.cli.Json;
import org.relayfs.tool.cli.TextTable;

/// How many events of each type there were, and what was lost.
final class TypeCounts {
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Loss.Cause, Long> losses = new EnumMap<>(Loss.Cause.class);

    void add(ReportedTrace trace, long[] byNumber) {
        for (int id = 0; id <= CtfMetadata.MAX_TYPE; id++) {
            if (byNumber[id] != 0) {
                counts.merge(ReportedTrace.name(id, trace.types().type(id)), byNumber[id], Long::sum);
            }
        }
    }

    void add(Loss loss) {
        losses.merge(loss.cause(), loss.count(), Long::sum);
    }

    /// The most frequent type first.
    List<String> lines(boolean isJson) {
        List<Map.Entry<String, Long>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(Map.Entry.comparingByValue(Comparator.<Long>reverseOrder()));
        List<String> lines = new ArrayList<>();
        if (isJson) {
            entries.forEach(entry -> lines.add(Json.of(Map.of(entry.getKey(), entry.getValue()))));
            losses.forEach((cause, count) -> lines.add(Json.of(Map.of("relayfs.loss." + cause, count))));
            return lines;
        }
        TextTable table = new TextTable(1, "TYPE", "EVENTS");
        entries.forEach(
                entry -> table.add(List.of(entry.getKey(), entry.getValue().toString())));
        lines.addAll(table.lines());
        losses.forEach((cause, count) -> lines.add("lost: " + count + " " + cause.text()));
        return lines;
    }
}
