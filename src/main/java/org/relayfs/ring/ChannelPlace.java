package org.relayfs.ring;

import java.nio.file.Path;
import org.relayfs.memory.LivenessLocks;

/// Where the memory of a new channel is to lie, and whose it is.
///
/// @param folder the channel's, in the owner's folder; not there yet
/// @param locks  of the owner, which holds its own
/// @param serial a number that no other channel of the owner has or had, 1 or more
public record ChannelPlace(Path folder, LivenessLocks locks, long serial) {}
