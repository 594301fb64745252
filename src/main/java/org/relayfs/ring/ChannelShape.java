package org.relayfs.ring;

import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.layout.Geometry;

/// The settings of a channel on which its memory depends.
///
/// @param geometry       of all buffers
/// @param overwrite      true if sub-buffers may be overwritten before they are consumed
/// @param global         true for one buffer for all CPUs
/// @param policy         the client's decision on each switch, or null for the built-in one
/// @param abandonAfterNs after how many nanoseconds without progress a stalled writer's bytes are given up
public record ChannelShape(
        Geometry geometry, boolean overwrite, boolean global, SwitchPolicy policy, long abandonAfterNs) {}
