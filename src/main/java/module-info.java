/// Per-CPU ring buffers in shared memory, shown as files by FUSE.
///
/// jnr-fuse and jnr-ffi share packages, so no module can read them: a modular application leaves them
/// and what they need on the class path and requires this module alone. `org.relayfs.fuse` reads them
/// from there when it mounts.
// Micrometer is no explicit module.
@SuppressWarnings("requires-automatic")
module org.relayfs {
    requires org.jctools.core.jdk11;
    requires org.slf4j;
    // The command line only.
    requires static info.picocli;
    // The agent only.
    requires static java.instrument;
    // JfrStream only.
    requires static jdk.jfr;
    // Programs that show a relay by JMX, or by Micrometer.
    requires static java.management;
    requires static micrometer.core;
    // SnapshotTriggers for signals only.
    requires static jdk.unsupported;
    // The appenders only.
    requires static ch.qos.logback.classic;
    requires static ch.qos.logback.core;
    requires static java.logging;
    requires static org.apache.logging.log4j;
    requires static org.apache.logging.log4j.core;

    exports org.relayfs;
    exports org.relayfs.buffer;
    exports org.relayfs.event;
    exports org.relayfs.fuse;
    exports org.relayfs.jfr;
    exports org.relayfs.metrics;
    exports org.relayfs.logging;
    exports org.relayfs.logging.jul;
    exports org.relayfs.logging.log4j;
    exports org.relayfs.logging.logback;
    exports org.relayfs.reader;
    exports org.relayfs.trigger;

    opens org.relayfs.logging.log4j to
            org.apache.logging.log4j.core;
    opens org.relayfs.tool to
            info.picocli;
    opens org.relayfs.tool.cli to
            info.picocli;
    opens org.relayfs.tool.client to
            info.picocli;
    opens org.relayfs.tool.daemon to
            info.picocli;
    opens org.relayfs.tool.doctor to
            info.picocli;
    opens org.relayfs.tool.recording to
            info.picocli;
    opens org.relayfs.tool.recovery to
            info.picocli;
    opens org.relayfs.tool.report to
            info.picocli;
    opens org.relayfs.tool.shipping to
            info.picocli;
    opens org.relayfs.tool.stat to
            info.picocli;
}
