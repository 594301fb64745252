package org.relayfs.tree;

import java.util.Objects;
import java.util.function.Supplier;

/// The options of a tree.
///
/// @param uid         owner of the files
/// @param gid         group of the files
/// @param rootMode    permission bits of the root
/// @param mmapMode    the third line of `version`: `mmap passthrough`, `mmap cached` or `mmap off`; asked for at each
///                    read
/// @param maxChannels how many channel directories `mkdir` and `control` may make before they answer ENOSPC; channels
///                    of the API count, but are not refused
public record TreeOptions(int uid, int gid, int rootMode, Supplier<String> mmapMode, int maxChannels) {
    /// Checks the values.
    public TreeOptions {
        Objects.requireNonNull(mmapMode, "mmapMode");
    }
}
