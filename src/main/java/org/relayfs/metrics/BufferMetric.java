package org.relayfs.metrics;

import org.relayfs.ChannelMode;
import org.relayfs.buffer.BufferStats;

/// A metric of each buffer. Its name is that of Prometheus; several with one name differ by their
/// cause. Counters begin again at 0 when a channel is reset or made anew, as Prometheus expects of
/// them.
public enum BufferMetric {
    /// Records accepted.
    RECORDS("relayfs_records_total", "Records accepted.", (s, mode) -> s.records()),
    /// Bytes of them.
    WRITTEN_BYTES("relayfs_written_bytes_total", "Payload bytes accepted.", (s, mode) -> s.bytesWritten()),
    /// Bytes that readers have had.
    READ_BYTES("relayfs_read_bytes_total", "Payload bytes delivered to readers.", (s, mode) -> s.bytesRead()),
    /// The backlog.
    READY_BYTES(
            "relayfs_ready_bytes",
            "Payload bytes in closed sub-buffers that wait for a reader.",
            (s, mode) -> s.ready()),
    /// Sub-buffers closed.
    PRODUCED("relayfs_subbuffers_produced_total", "Sub-buffers closed and complete.", (s, mode) -> s.produced()),
    /// Sub-buffers consumed.
    CONSUMED("relayfs_subbuffers_consumed_total", "Sub-buffers consumed.", (s, mode) -> s.consumed()),
    /// Refused because there was no room. Switches over unread data in mode overwrite are no loss of
    /// this sort: their bytes are in [#OVERWRITTEN_BYTES].
    LOST_FULL("relayfs_lost_total", "full", (s, mode) -> mode == ChannelMode.OVERWRITE ? 0 : s.full()),
    /// Refused because they were too big.
    LOST_TOO_BIG("relayfs_lost_total", "too_big", (s, mode) -> s.big()),
    /// Refused because a stalled writer was in every sub-buffer.
    LOST_STRAGGLER("relayfs_lost_total", "straggler", (s, mode) -> s.straggler()),
    /// Given up: their writer died or stalled.
    LOST_ABANDONED("relayfs_lost_total", "abandoned", (s, mode) -> s.abandoned()),
    /// Bytes of refused records.
    REFUSED_BYTES("relayfs_refused_bytes_total", "Bytes of all refused attempts.", (s, mode) -> s.lostBytes()),
    /// Bytes that nobody had read.
    OVERWRITTEN_BYTES(
            "relayfs_overwritten_bytes_total",
            "Payload bytes overwritten before they were read.",
            (s, mode) -> s.overwritten()),
    /// Sub-buffers left out.
    SKIPPED(
            "relayfs_subbuffers_skipped_total",
            "Sub-buffers skipped because a writer had stalled in them.",
            (s, mode) -> s.skipped()),
    /// Whether the memory is damaged.
    DAMAGED(
            "relayfs_buffer_damaged",
            "1 when the shared memory of the buffer is damaged.",
            (s, mode) -> s.damaged() ? 1 : 0);

    /// How it is found.
    private interface Value {
        long of(BufferStats stats, ChannelMode mode);
    }

    private final String metric;
    private final String help;
    private final String cause;
    private final Value value;

    BufferMetric(String metric, String text, Value value) {
        boolean lost = metric.equals("relayfs_lost_total");
        this.metric = metric;
        this.help = lost ? "Records refused or given up, by cause." : text;
        this.cause = lost ? text : null;
        this.value = value;
    }

    /// {@return its name in Prometheus}
    public String metric() {
        return metric;
    }

    /// {@return what it means, a sentence}
    public String help() {
        return help;
    }

    /// {@return the value of its label `cause`, or null: it has none}
    public String cause() {
        return cause;
    }

    /// {@return true when it only grows, until a reset}
    public boolean isCounter() {
        return metric.endsWith("_total");
    }

    /// {@return its value}
    ///
    /// @param stats of a buffer
    /// @param mode  of its channel
    public long of(BufferStats stats, ChannelMode mode) {
        return value.of(stats, mode);
    }
}
