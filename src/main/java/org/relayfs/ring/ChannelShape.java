package org.relayfs.ring;

import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.layout.Geometry;

/// What of a channel's settings its memory depends on.
///
/// @param geometry       of all buffers
/// @param overwrite      true when sub-buffers may be used again before they were consumed
/// @param global         true for one buffer for all CPUs
/// @param policy         the client's decision on each switch, or null for the built-in one
/// @param abandonAfterNs after how many nanoseconds without progress a stalled writer's bytes are given up
public record ChannelShape(
        Geometry geometry, boolean overwrite, boolean global, SwitchPolicy policy, long abandonAfterNs) {}
