package org.relayfs.tree;

import java.util.List;
import org.relayfs.buffer.BufferStats;
import org.relayfs.tree.text.ControlText;

/// The `stats` file: column names, then a line for each buffer, separated by single spaces.
final class StatsTable {
    static final String HEADER = "cpu produced consumed ready bytes_written bytes_read records full big"
            + " straggler lost_bytes overwritten skipped abandoned damaged\n";

    private StatsTable() {}

    static byte[] of(List<BufferStats> stats) {
        StringBuilder text = new StringBuilder(HEADER);
        stats.forEach(buffer -> appendLine(text, buffer));
        return ControlText.bytes(text.toString());
    }

    static void appendLine(StringBuilder text, BufferStats s) {
        text.append(s.cpu());
        long[] columns = {
            s.produced(),
            s.consumed(),
            s.ready(),
            s.bytesWritten(),
            s.bytesRead(),
            s.records(),
            s.full(),
            s.big(),
            s.straggler(),
            s.lostBytes(),
            s.overwritten(),
            s.skipped(),
            s.abandoned(),
            s.damaged() ? 1 : 0
        };
        for (long column : columns) {
            text.append(' ').append(column);
        }
        text.append('\n');
    }
}
