/// The API: [org.relayfs.Relay] owns channels, a [org.relayfs.RelayChannel] takes records into per-CPU buffers, an
/// [org.relayfs.AttachedChannel] does so from another process.
///
/// ```java
/// try (Relay relay = Relay.create();
///         RelayChannel channel = relay.open("app", ChannelConfig.of(64 * 1024, 8))) {
///     channel.write("hello\n".getBytes(StandardCharsets.UTF_8));
/// }
/// ```
package org.relayfs;
