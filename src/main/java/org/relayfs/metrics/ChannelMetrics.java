package org.relayfs.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;

/// The metrics of some channels at one moment: each buffer's values belong together. Immutable.
public final class ChannelMetrics {
    private final Map<String, RelayChannel> channels = new TreeMap<>();
    private final Map<String, List<BufferStats>> stats = new TreeMap<>();

    private ChannelMetrics(Iterable<RelayChannel> all) {
        for (RelayChannel channel : all) {
            if (channel.name() != null) {
                channels.put(channel.name(), channel);
                stats.put(channel.name(), channel.stats());
            }
        }
    }

    /// Looks at channels.
    ///
    /// @param channels of a relay; those without a name are left out
    /// @return their metrics
    public static ChannelMetrics of(Iterable<RelayChannel> channels) {
        return new ChannelMetrics(channels);
    }

    /// {@return them as text in the format of Prometheus, version 0.0.4: each sample has the labels
    /// `channel` and `cpu`, and `relayfs_lost_total` the label `cause`}
    public String prometheus() {
        PrometheusText text = new PrometheusText();
        text.begin("relayfs_info", "The program that owns the channels.", "gauge");
        text.sample("relayfs_info", 1, "version", Relay.version(), "layout", Integer.toString(Relay.layoutVersion()));
        text.begin("relayfs_channel_enabled", "1 while records are accepted.", "gauge");
        channels.forEach((name, channel) ->
                text.sample("relayfs_channel_enabled", channel.isEnabled() ? 1 : 0, "channel", name));
        text.begin("relayfs_channel_memory_bytes", "Shared memory that the channel has.", "gauge");
        channels.forEach((name, channel) ->
                text.sample("relayfs_channel_memory_bytes", channel.reservedBytes(), "channel", name));
        text.begin(
                "relayfs_channel_overwrite",
                "1 when the oldest records are overwritten, 0 when it gets full.",
                "gauge");
        channels.forEach((name, channel) ->
                text.sample("relayfs_channel_overwrite", overwrites(channel) ? 1 : 0, "channel", name));
        text.begin("relayfs_buffer_bytes", "Bytes that the buffer can hold.", "gauge");
        stats.forEach((name, buffers) -> buffers.forEach(buffer -> text.sample(
                "relayfs_buffer_bytes",
                capacity(channels.get(name).config()),
                "channel",
                name,
                "cpu",
                Integer.toString(buffer.cpu()))));
        BufferMetric before = null;
        for (BufferMetric metric : BufferMetric.values()) {
            if (before == null || !before.metric().equals(metric.metric())) {
                text.begin(metric.metric(), metric.help(), metric.isCounter() ? "counter" : "gauge");
            }
            stats.forEach((name, buffers) -> addSamples(text, metric, name, buffers));
            before = metric;
        }
        return text.toString();
    }

    private static long capacity(ChannelConfig config) {
        return config.subBufferSize() * config.subBufferCount();
    }

    private static boolean overwrites(RelayChannel channel) {
        return channel.config().mode() == ChannelMode.OVERWRITE;
    }

    private void addSamples(PrometheusText text, BufferMetric metric, String name, List<BufferStats> buffers) {
        for (BufferStats buffer : buffers) {
            text.sample(
                    metric.metric(),
                    metric.of(buffer, channels.get(name).config().mode()),
                    "channel",
                    name,
                    "cpu",
                    Integer.toString(buffer.cpu()),
                    "cause",
                    metric.cause());
        }
    }
}
