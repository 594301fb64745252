package org.relayfs.fuse.wire;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of what nobody expected, for threads that must go on whatever happens. Where there is no class to make a
/// line with, there is none; for want of memory some has been set aside.
///
/// Whoever may fail makes one beforehand: a handler of exceptions that names a string makes that string when it first
/// runs, and may throw for want of memory itself.
public final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private static final int RESERVE = 256 << 10;
    private static final long QUIET_NS = 10_000_000_000L;

    /// What a line that tells of a lack of memory is made from, once in a while. Guarded by the class.
    @SuppressWarnings("UnusedVariable") // held, to be given up
    private static byte[] reserve = new byte[RESERVE];

    private static long toldNs = System.nanoTime() - QUIET_NS;

    private final Logger log;
    private final String what;

    private FailureLog(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    /// {@return the log of one kind of failure}
    ///
    /// @param log  where
    /// @param what is done when it fails
    public static FailureLog of(Logger log, String what) {
        return new FailureLog(log, what);
    }

    /// Logs a failure. Nothing is thrown.
    ///
    /// @param about   with what it was done
    /// @param failure why
    public void error(Object about, Throwable failure) {
        try {
            log.error("{} {} failed", what, about, failure);
        } catch (OutOfMemoryError e) {
            tellOfMemory();
        } catch (Throwable t) {
            // The client is told EIO.
        }
    }

    /// Logs a failure. Nothing is thrown.
    ///
    /// @param kind    of what was done
    /// @param about   with what it was done
    /// @param failure why
    public void error(String kind, Object about, Throwable failure) {
        try {
            log.error("{} {} {} failed", what, kind, about, failure);
        } catch (OutOfMemoryError e) {
            tellOfMemory();
        } catch (Throwable t) {
            // The client is told EIO.
        }
    }

    /// Logs a failure. Nothing is thrown.
    ///
    /// @param number  of what it was done with
    /// @param failure why
    public void error(int number, Throwable failure) {
        try {
            error((Object) number, failure);
        } catch (OutOfMemoryError e) {
            tellOfMemory();
        }
    }

    private static synchronized void tellOfMemory() {
        if (System.nanoTime() - toldNs < QUIET_NS) {
            return;
        }
        toldNs = System.nanoTime();
        reserve = null;
        try {
            LOG.error(
                    "the heap is full, and what needs memory fails: close files, destroy channels, or give a larger -Xmx");
            reserve = new byte[RESERVE];
        } catch (Throwable t) {
            // Others have been faster. What is free later is for the next line.
        }
    }

    /// Loads what a failure needs: when one comes, it may be because no class can be loaded any more.
    public static void rehearse() {
        LOG.debug("{} {} {} failed", "rehearsing", "a", "failure", new IllegalStateException("as it should"));
    }
}
