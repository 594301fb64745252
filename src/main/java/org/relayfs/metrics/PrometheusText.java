package org.relayfs.metrics;

/// Text in the exposition format of Prometheus, version 0.0.4. For one thread.
final class PrometheusText {
    private final StringBuilder text = new StringBuilder();

    /// Begins a metric; its samples follow.
    ///
    /// @param type `counter` or `gauge`
    void begin(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ');
        escape(help, false);
        text.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /// Adds a sample.
    ///
    /// @param labels names and values by turns; those with a null value are left out
    void sample(String name, long value, String... labels) {
        text.append(name);
        char before = '{';
        for (int i = 0; i < labels.length; i += 2) {
            if (labels[i + 1] != null) {
                text.append(before).append(labels[i]).append("=\"");
                escape(labels[i + 1], true);
                text.append('"');
                before = ',';
            }
        }
        text.append(before == ',' ? "} " : " ").append(value).append('\n');
    }

    private void escape(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                text.append("\\\\");
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c == '"' && quoted) {
                text.append("\\\"");
            } else {
                text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
