package org.relayfs.tree;

import java.util.Objects;
import java.util.function.Supplier;

/// How a tree is to look.
///
/// @param uid         owner of the files
/// @param gid         group of the files
/// @param mmapMode    the third line of `version`: `mmap passthrough`, `mmap cached` or `mmap off`; asked for at each
///                    read
/// @param maxChannels how many channel directories `mkdir` and `control` may make before they answer ENOSPC; channels
///                    of the API count, but are not refused
public record TreeOptions(int uid, int gid, Supplier<String> mmapMode, int maxChannels) {
    /// Channel directories without another wish.
    public static final int DEFAULT_MAX_CHANNELS = 4096;

    /// Checks the values.
    public TreeOptions {
        Objects.requireNonNull(mmapMode, "mmapMode");
        if (maxChannels < 1) {
            throw new IllegalArgumentException("channel limit: maxChannels=" + maxChannels + ", limit=1 or more");
        }
    }

    /// With [#DEFAULT_MAX_CHANNELS].
    ///
    /// @param uid      owner of the files
    /// @param gid      group of the files
    /// @param mmapMode the third line of `version`
    public TreeOptions(int uid, int gid, Supplier<String> mmapMode) {
        this(uid, gid, mmapMode, DEFAULT_MAX_CHANNELS);
    }
}
