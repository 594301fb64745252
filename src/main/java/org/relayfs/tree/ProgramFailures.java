package org.relayfs.tree;

import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.handler.HandlerFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The failures of one file's handlers, for the program's log and for `error_log`. Those that whoever may
/// read the file can cause are told once in a while: nobody is to fill a log. Thread-safe.
final class ProgramFailures implements HandlerFailures {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramFailures.class);
    private static final long QUIET_NS = 10_000_000_000L;

    private final String path;
    private final ErrorLog errorLog;

    /// Guarded by this.
    private long toldNs = System.nanoTime() - QUIET_NS;

    private long refusedNs = toldNs;

    ProgramFailures(String path, ErrorLog errorLog) {
        this.path = path;
        this.errorLog = errorLog;
    }

    /// A handler has thrown what is no refusal.
    ///
    /// @return what its caller is told
    ErrnoException thrown(Throwable failure) {
        if (mayTell()) {
            LOG.error("{}: its handler failed", path, failure);
        }
        return new ErrnoException(Errno.EIO, "its handler has thrown " + failure);
    }

    /// A read was refused. (A refused write has its line anyway.)
    void readRefused(ErrnoException refusal) {
        if (mayTellOfRead()) {
            errorLog.add(path, "read", refusal);
        }
    }

    @Override
    public void hangs(ErrnoException refusal) {
        LOG.error("{}: {}", path, refusal.getMessage());
        errorLog.add(path, "", refusal);
    }

    @Override
    public void returned() {
        LOG.info("{}: its handler has returned after all; calls are accepted again", path);
    }

    private synchronized boolean mayTell() {
        long now = System.nanoTime();
        boolean due = now - toldNs >= QUIET_NS;
        toldNs = due ? now : toldNs;
        return due;
    }

    private synchronized boolean mayTellOfRead() {
        long now = System.nanoTime();
        boolean due = now - refusedNs >= QUIET_NS;
        refusedNs = due ? now : refusedNs;
        return due;
    }
}
