package org.relayfs.tool.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.TextTable;

/// The summary that a recording prints at its end, in the manner of relay-apps.
final class RecordSummary {
    private final List<BufferRecorder> recorders;
    private final int subBufferCount;

    RecordSummary(List<BufferRecorder> recorders, int subBufferCount) {
        this.recorders = recorders;
        this.subBufferCount = subBufferCount;
    }

    List<String> lines(double seconds) {
        TextTable table = new TextTable(1, "file", "sub-buffers", "bytes", "largest backlog");
        for (BufferRecorder recorder : recorders) {
            table.add(row(recorder.name(), List.of(recorder)));
        }
        table.add(row("all", recorders));
        List<String> lines = new ArrayList<>(table.lines());
        long bytes = recorders.stream().mapToLong(BufferRecorder::bytes).sum();
        lines.add(String.format(Locale.ROOT, "time: %.1f s, %s/s", seconds, ByteSize.text(bytes / seconds)));
        return lines;
    }

    private List<String> row(String title, List<BufferRecorder> summed) {
        boolean known = summed.stream().allMatch(BufferRecorder::knowsPositions);
        long subBuffers = summed.stream().mapToLong(BufferRecorder::subBuffers).sum();
        long bytes = summed.stream().mapToLong(BufferRecorder::bytes).sum();
        long backlog =
                summed.stream().mapToLong(BufferRecorder::largestBacklog).max().orElse(0);
        return List.of(
                title,
                known ? Long.toString(subBuffers) : "-",
                Long.toString(bytes),
                known ? backlog + " of " + subBufferCount : "-");
    }
}
