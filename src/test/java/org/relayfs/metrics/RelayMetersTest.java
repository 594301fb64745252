package org.relayfs.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.openmbean.TabularData;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;

/// A relay in a registry of Micrometer, and in the platform's MBean server.
@Timeout(60)
class RelayMetersTest {
    private static final ChannelConfig CONFIG = ChannelConfig.of(64, 2).withGlobal(true);

    private final Relay relay = Relay.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    RelayMetersTest() throws IOException {}

    @AfterEach
    void close() {
        relay.close();
        registry.close();
    }

    private static void lose(RelayChannel channel) {
        channel.write(new byte[64]);
        channel.write(new byte[64]);
        channel.write(bytes("no room"));
        channel.write(new byte[65]);
    }

    private Search search(String name, String channel) {
        return registry.find(name).tags("channel", channel, "cpu", "0", "service", "shop");
    }

    @Test
    void channelsComeAndGoWithTheirMeters() throws IOException {
        lose(relay.open("early", CONFIG));
        try (RelayMeters meters = new RelayMeters(relay, Tags.of("service", "shop"))) {
            meters.bindTo(registry);
            assertThatThrownBy(() -> meters.bindTo(registry)).isInstanceOf(IllegalStateException.class);
            RelayChannel late = relay.open("late", CONFIG);
            late.write(bytes("one"));
            assertThat(search("relayfs.records", "early").functionCounter().count())
                    .isEqualTo(2);
            assertThat(search("relayfs.lost", "early")
                            .tag("cause", "full")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(search("relayfs.lost", "early")
                            .tag("cause", "too_big")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(search("relayfs.records", "late").functionCounter().count())
                    .isEqualTo(1);
            assertThat(search("relayfs.ready.bytes", "early").gauge().value()).isEqualTo(128);
            late.close();
            assertThat(search("relayfs.records", "late").functionCounter()).isNull();
        }
        assertThat(registry.getMeters()).isEmpty();
        relay.open("unseen", CONFIG);
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aRelayIsAnMXBean() throws Exception {
        lose(relay.open("app", CONFIG));
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try (RelayManagement bean = RelayManagement.register(relay)) {
            assertThat(server.getAttribute(bean.name(), "Channels"))
                    .asInstanceOf(InstanceOfAssertFactories.array(String[].class))
                    .containsExactly("app");
            assertThat(server.getAttribute(bean.name(), "ReservedBytes")).isEqualTo(relay.reservedBytes());
            assertThat(server.getAttribute(bean.name(), "QuotaBytes")).isEqualTo(relay.quotaBytes());
            TabularData metrics = (TabularData) server.getAttribute(bean.name(), "Metrics");
            assertThat(metrics.size()).isEqualTo(BufferMetric.values().length);
            Map<String, Long> full = bean.getMetrics().get("relayfs_lost_total{cause=\"full\"}");
            assertThat(full).containsExactly(Map.entry("app/0", 1L));
            assertThat(List.of(server.queryNames(bean.name(), null))).hasSize(1);
            assertThatThrownBy(() -> RelayManagement.register(relay)).hasMessageContaining("Relay");
            bean.close();
            assertThat(server.isRegistered(bean.name())).isFalse();
        }
    }
}
