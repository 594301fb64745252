package org.relayfs.fuse.wire;

import org.slf4j.Logger;

/// Logs what nobody expected, from threads that must go on whatever happens: without memory for a line, there is
/// none.
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
