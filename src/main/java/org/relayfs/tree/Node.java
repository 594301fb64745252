package org.relayfs.tree;

/// Something that has a name and attributes in the tree. Thread-safe; all changes go through [RelayTree].
public sealed interface Node permits Directory, ControlFile, RelayFile {
    /// What `stat` shows.
    ///
    /// @return its attributes as they are now
    Attributes attributes();
}
