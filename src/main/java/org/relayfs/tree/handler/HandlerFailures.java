package org.relayfs.tree.handler;

import org.relayfs.linux.ErrnoException;

/// Those who are told what is wrong with the handlers of a file.
public interface HandlerFailures {
    /// A handler has not returned in time.
    ///
    /// @param refusal what its caller is told
    void hangs(ErrnoException refusal);

    /// A handler that had not returned in time has done so.
    void returned();
}
