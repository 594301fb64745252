package org.relayfs.tree;

import java.nio.ByteBuffer;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;

/// The effect of one `write(2)` on a control file.
@FunctionalInterface
interface ControlAction {
    /// @param source the bytes written; the action may move its position
    /// @param caller who writes
    /// @throws ErrnoException it is refused and nothing was changed by it
    void write(ByteBuffer source, Caller caller) throws ErrnoException;
}
