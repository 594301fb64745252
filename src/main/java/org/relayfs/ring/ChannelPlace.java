package org.relayfs.ring;

import java.nio.file.Path;
import org.relayfs.memory.LivenessLocks;

/// The place and the owner of a new channel's memory.
///
/// @param folder the channel's, in the owner's folder; not there yet
/// @param locks  of the owner, which holds its own
/// @param serial a number that no other channel of the owner has or had, 1 or more
public record ChannelPlace(Path folder, LivenessLocks locks, long serial) {}
