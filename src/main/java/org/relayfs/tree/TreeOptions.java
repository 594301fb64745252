package org.relayfs.tree;

import java.util.Objects;
import java.util.function.Supplier;
import org.relayfs.tree.handler.HandlerLimits;

/// The options of a tree.
///
/// @param uid         owner of the files
/// @param gid         group of the files
/// @param rootMode    permission bits of the root
/// @param mmapMode    the third line of `version`: `mmap passthrough`, `mmap cached` or `mmap off`; asked for at each
///                    read
/// @param maxChannels how many channel directories `mkdir` and `control` may make before they answer ENOSPC; channels
///                    of the API count, but are not refused
/// @param handlers    limits of what the program puts into the tree
public record TreeOptions(
        int uid, int gid, int rootMode, Supplier<String> mmapMode, int maxChannels, HandlerLimits handlers) {
    /// Checks the values.
    public TreeOptions {
        Objects.requireNonNull(mmapMode, "mmapMode");
        Objects.requireNonNull(handlers, "handlers");
    }
}
