package org.relayfs.tree;

import org.relayfs.linux.ErrnoException;

/// The content of a control file, generated when it is asked for.
@FunctionalInterface
interface ControlContent {
    /// @throws ErrnoException it is refused
    byte[] make() throws ErrnoException;
}
