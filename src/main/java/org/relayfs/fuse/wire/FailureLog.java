package org.relayfs.fuse.wire;

import org.slf4j.Logger;

/// The log of unexpected failures in threads that must continue whatever happens: if there is no memory for a
/// line, none is written.
public final class FailureLog {
    private FailureLog() {}

    /// @param log     where
    /// @param what    was done
    /// @param about   with what
    /// @param failure why
    public static void error(Logger log, String what, Object about, Throwable failure) {
        try {
            log.error("{} {} failed", what, about, failure);
        } catch (OutOfMemoryError e) {
            // The client is told EIO.
        }
    }
}
