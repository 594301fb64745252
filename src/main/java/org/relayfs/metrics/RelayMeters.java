package org.relayfs.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.relayfs.ChannelListener;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;

/// The channels of a relay as meters of Micrometer, those that come later included; the meters of a
/// channel go with it. They are called as the metrics of Prometheus, with dots and without `_total`,
/// which registries add that want it: `relayfs.records`. Needs `micrometer-core`, which a program that
/// uses this has.
///
/// ```java
/// new RelayMeters(relay, Tags.of("service", "shop")).bindTo(registry);
/// ```
///
/// Any thread.
@SuppressWarnings("exports") // who uses it requires micrometer.core
public final class RelayMeters implements MeterBinder, ChannelListener, AutoCloseable {
    private final Relay relay;
    private final Tags tags;
    // Guarded by this.
    private final Map<RelayChannel, List<Meter>> meters = new HashMap<>();
    private MeterRegistry registry;

    /// Measures nothing before [#bindTo].
    ///
    /// @param relay whose channels are measured
    /// @param tags  of all meters
    public RelayMeters(Relay relay, Iterable<Tag> tags) {
        this.relay = relay;
        this.tags = Tags.of(tags);
    }

    /// Adds the meters to a registry.
    ///
    /// @param target gets them
    /// @throws IllegalStateException it was called before
    @Override
    public void bindTo(MeterRegistry target) {
        synchronized (this) {
            if (registry != null) {
                throw new IllegalStateException("meters of " + relay.folder() + ": bound already; make others");
            }
            registry = target;
        }
        relay.addListener(this);
        relay.channels().forEach(this::channelOpened);
    }

    @Override
    public void channelOpened(RelayChannel channel) {
        channel.buffers().forEach(buffer -> bufferAdded(channel, buffer));
    }

    @Override
    public synchronized void bufferAdded(RelayChannel channel, ChannelBuffer buffer) {
        Tags own = tags.and("channel", channel.name(), "cpu", Integer.toString(buffer.cpu()));
        List<Meter> known = meters.computeIfAbsent(channel, of -> new ArrayList<>());
        if (known.stream().anyMatch(meter -> own.stream().allMatch(meter.getId().getTags()::contains))) {
            return;
        }
        for (BufferMetric metric : BufferMetric.values()) {
            known.add(meter(channel, buffer.cpu(), metric, own));
        }
    }

    private Meter meter(RelayChannel channel, int cpu, BufferMetric metric, Tags own) {
        String name = metric.metric().replace("_total", "").replace('_', '.');
        Tags all = metric.cause() == null ? own : own.and("cause", metric.cause());
        ToDoubleFunction<RelayChannel> value = of -> value(of, cpu, metric);
        return metric.isCounter()
                ? FunctionCounter.builder(name, channel, value)
                        .tags(all)
                        .description(metric.help())
                        .register(registry)
                : Gauge.builder(name, channel, value)
                        .tags(all)
                        .description(metric.help())
                        .register(registry);
    }

    private static double value(RelayChannel channel, int cpu, BufferMetric metric) {
        return channel.stats().stream()
                .filter(stats -> stats.cpu() == cpu)
                .mapToLong(stats -> metric.of(stats, channel.config().mode()))
                .sum();
    }

    @Override
    public synchronized void channelClosed(RelayChannel channel) {
        List<Meter> gone = meters.remove(channel);
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }

    /// Takes the meters out of the registry. Idempotent.
    @Override
    public void close() {
        relay.removeListener(this);
        List<RelayChannel> all;
        synchronized (this) {
            all = List.copyOf(meters.keySet());
        }
        all.forEach(this::channelClosed);
    }
}
