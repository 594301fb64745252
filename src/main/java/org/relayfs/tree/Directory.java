package org.relayfs.tree;

/// A directory: the root, a channel's directory or one that only holds others.
public non-sealed interface Directory extends Node {
    /// @return the names in it now, without `.` and `..`, in a stable order
    java.util.List<String> names();
}
