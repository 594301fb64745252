package org.relayfs.tree.handler;

/// The limits of what the program puts into a mount.
///
/// @param maxFiles how many files and directories
/// @param waitMs   how long anybody waits for a handler, in milliseconds
public record HandlerLimits(int maxFiles, long waitMs) {
    /// Those of a mount by default.
    public static final HandlerLimits DEFAULT = new HandlerLimits(4096, 5_000);
}
