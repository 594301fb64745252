package org.relayfs.tree;

import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.Permission;

/// Something that has a name and attributes in the tree. Thread-safe.
public sealed interface Node permits Directory, ControlFile, RelayFile {
    /// Where it is, or was.
    ///
    /// @return absolute path inside the mount
    String path();

    /// What `stat` shows.
    ///
    /// @return its attributes as they are now
    Attributes attributes();

    /// `chmod`, `chown`, `utimens` and `truncate`.
    ///
    /// @param change what to change
    /// @param caller who asks
    /// @throws ErrnoException EPERM, EACCES; EINVAL, EISDIR for a size that it cannot have
    void setAttributes(AttributeChange change, Caller caller) throws ErrnoException;

    /// `access(2)`, `chdir(2)` and `opendir(3)`.
    ///
    /// @param mask   `R_OK` 4, `W_OK` 2, `X_OK` 1, or 0 to ask for existence
    /// @param caller who asks
    /// @throws ErrnoException EACCES
    default void checkAccess(int mask, Caller caller) throws ErrnoException {
        Permission.require(attributes(), mask, caller, path());
    }
}
