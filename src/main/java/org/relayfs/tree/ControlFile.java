package org.relayfs.tree;

/// A file whose content is made when it is opened and whose writes are commands. Seekable.
public non-sealed interface ControlFile extends Node {
    /// Opens it.
    ///
    /// @param flags  the open flags of the system call (Linux numbers)
    /// @param caller who opens it
    /// @return the open file
    /// @throws ErrnoException EACCES, EPERM, ...
    OpenControlFile open(int flags, Caller caller) throws ErrnoException;
}
