package org.relayfs.metrics;

import java.util.List;
import java.util.Map;

/// A relay as JMX shows it, see [RelayManagement#register].
public interface RelayMXBean {
    /// {@return the names of its channels}
    List<String> getChannels();

    /// {@return bytes of shared memory that its channels have}
    long getReservedBytes();

    /// {@return bytes that they may have}
    long getQuotaBytes();

    /// {@return the values of all buffers, by metrics as [BufferMetric] names them:
    /// `relayfs_records_total`, and with a cause `relayfs_lost_total{cause="full"}`; then by
    /// `CHANNEL/CPU`}
    Map<String, Map<String, Long>> getMetrics();
}
