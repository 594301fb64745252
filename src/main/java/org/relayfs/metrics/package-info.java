/// What the channels of a relay have counted, for systems that watch many machines: as Prometheus text,
/// by JMX, for Micrometer. One table, [org.relayfs.metrics.BufferMetric], says what there is; nothing
/// is counted for it.
package org.relayfs.metrics;
