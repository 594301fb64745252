package org.relayfs.tool.stat;

import java.util.Collection;
import java.util.List;
import org.relayfs.buffer.BufferStats;

/// Sums over buffers.
///
/// @param records      accepted
/// @param bytesWritten accepted
/// @param bytesRead    delivered
/// @param backlog      sub-buffers that are closed and not consumed
/// @param loss         what was lost
record StatTotals(long records, long bytesWritten, long bytesRead, long backlog, Loss loss) {
    private static final StatTotals NONE = new StatTotals(0, 0, 0, 0, Loss.NONE);

    static StatTotals of(BufferStats stats, boolean overwrite) {
        return of(List.of(stats), overwrite);
    }

    static StatTotals of(Collection<BufferStats> buffers, boolean overwrite) {
        return buffers.stream()
                .map(stats -> new StatTotals(
                        stats.records(),
                        stats.bytesWritten(),
                        stats.bytesRead(),
                        stats.produced() - stats.consumed(),
                        Loss.of(stats, overwrite)))
                .reduce(NONE, StatTotals::plus);
    }

    private StatTotals plus(StatTotals other) {
        return new StatTotals(
                records + other.records,
                bytesWritten + other.bytesWritten,
                bytesRead + other.bytesRead,
                backlog + other.backlog,
                loss.plus(other.loss));
    }
}
