package org.relayfs.metrics;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.BufferStats;

/// Shows a relay by JMX, when asked to: whoever does not ask loads no class of it. Needs the module
/// `java.management`. Any thread.
@SuppressWarnings("exports") // who uses it requires java.management
public final class RelayManagement implements RelayMXBean, AutoCloseable {
    private final Relay relay;
    private final ObjectName name;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private RelayManagement(Relay relay, ObjectName name) {
        this.relay = relay;
        this.name = name;
    }

    /// Shows a relay in the platform's server as `org.relayfs:type=Relay,folder="FOLDER"`, with the
    /// folder of its shared memory.
    ///
    /// @param relay to be shown
    /// @return hides it when it is closed, which comes before the end of the relay
    /// @throws JMException it is shown already
    public static RelayManagement register(Relay relay) throws JMException {
        ObjectName name = new ObjectName("org.relayfs:type=Relay,folder="
                + ObjectName.quote(relay.folder().toString()));
        RelayManagement bean = new RelayManagement(relay, name);
        bean.server.registerMBean(bean, name);
        return bean;
    }

    /// {@return the name that it has there}
    public ObjectName name() {
        return name;
    }

    @Override
    public List<String> getChannels() {
        return relay.channels().stream().map(RelayChannel::name).sorted().toList();
    }

    @Override
    public long getReservedBytes() {
        return relay.reservedBytes();
    }

    @Override
    public long getQuotaBytes() {
        return relay.quotaBytes();
    }

    @Override
    public Map<String, Map<String, Long>> getMetrics() {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        for (RelayChannel channel : relay.channels()) {
            for (BufferStats stats : channel.stats()) {
                for (BufferMetric metric : BufferMetric.values()) {
                    all.computeIfAbsent(titled(metric), title -> new TreeMap<>())
                            .put(
                                    channel.name() + "/" + stats.cpu(),
                                    metric.of(stats, channel.config().mode()));
                }
            }
        }
        return all;
    }

    private static String titled(BufferMetric metric) {
        return metric.cause() == null ? metric.metric() : metric.metric() + "{cause=\"" + metric.cause() + "\"}";
    }

    /// Hides it. Idempotent.
    @Override
    public void close() throws JMException {
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
    }
}
