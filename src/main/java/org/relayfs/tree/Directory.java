package org.relayfs.tree;

import java.util.List;

/// A directory: the root, a channel's directory or one that only holds others.
public non-sealed interface Directory extends Node {
    /// What `ls` shows.
    ///
    /// @return the names in it now, without `.` and `..`, in a stable order
    List<String> names();
}
