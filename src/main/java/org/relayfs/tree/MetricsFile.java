package org.relayfs.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.RelayChannel;
import org.relayfs.metrics.ChannelMetrics;

/// The file `metrics` of the root: what the file `stats` says, for Prometheus.
final class MetricsFile {
    private MetricsFile() {}

    static byte[] of(Directory root) {
        List<RelayChannel> channels = new ArrayList<>();
        BufferTable.forEach(root, (name, life) -> channels.add(life.channel()));
        return ChannelMetrics.of(channels).prometheus().getBytes(StandardCharsets.UTF_8);
    }
}
