package org.relayfs.ring;

import java.nio.file.Path;
import org.relayfs.memory.LivenessLocks;

/// The place and the owner of a new channel's memory.
///
/// @param folder the channel's, in the owner's folder, or in the channel's after a resize; not there yet
/// @param number of the channel's generation; 0 is the first
/// @param locks  of the owner, which holds its own
/// @param serial a number that no other generation of any channel of the owner has or had, 1 or more
public record ChannelPlace(Path folder, int number, LivenessLocks locks, long serial) {}
