package org.relayfs.fuse.data;

import org.relayfs.fuse.wire.ReplyWriter;

/// Requests on one relay file that wait.
interface WaitingQueue {
    /// Ends a waiting request with EINTR; does nothing when it does not wait any more.
    ///
    /// @param unique  number of the request
    /// @param replies of the calling thread
    void interrupt(long unique, ReplyWriter replies);
}
