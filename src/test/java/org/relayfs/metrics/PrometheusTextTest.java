package org.relayfs.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The format of Prometheus.
class PrometheusTextTest {
    @Test
    void labelsAndHelpAreEscaped() {
        PrometheusText text = new PrometheusText();
        text.begin("x_total", "a\\b \"c\"\nd", "counter");
        text.sample("x_total", 1, "channel", "a\"b\\c\nd", "cause", null);
        text.sample("x_total", -2);
        assertThat(text.toString()).isEqualTo("""
                        # HELP x_total a\\\\b "c"\\nd
                        # TYPE x_total counter
                        x_total{channel="a\\"b\\\\c\\nd"} 1
                        x_total -2
                        """);
    }
}
