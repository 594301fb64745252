package org.relayfs.fuse.session;

import java.util.concurrent.Semaphore;

/// Whose turn it is to listen to the device: one session thread at a time, because the kernel wakes a listener for
/// each request, and a second one only to find that the first has been faster.
///
/// Who listens keeps the turn while it answers what takes microseconds: the client has its answer before another
/// thread would be awake. For all else it passes the turn on first, so that somebody listens whatever becomes of it.
final class ListenTurn {
    private static final int BRIEF_READ = 16 << 10;
    private static final int LONG_READ = 256 << 10;

    private final Semaphore turn = new Semaphore(1);
    /// The thread that asked last, and how often it was another than before since the device was empty. One client
    /// alone can be fast enough to keep the device from being empty. Belong to whose turn it is.
    private int client;
    private int changes;

    void take() {
        turn.acquireUninterruptibly();
    }

    void pass() {
        turn.release();
    }

    /// The device has no request.
    void empty() {
        changes = 0;
    }

    /// A request was taken from the device.
    ///
    /// @param asking whose request it is
    /// @param bytes  that are copied to answer it, if it needs nothing that could wait; negative when it may
    /// @return true to answer it before somebody listens again
    boolean keeps(int asking, int bytes) {
        if (asking != client) {
            client = asking;
            changes++;
        }
        boolean crowded = changes > 1;
        return bytes >= 0 && (bytes <= BRIEF_READ || bytes <= LONG_READ && !crowded);
    }
}
