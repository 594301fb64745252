package org.relayfs.fuse.wire;

import java.util.concurrent.Semaphore;

/// The turn to listen to the device: one session thread at a time has it, because the kernel wakes a listener for
/// each request, and would wake a second one only to find that the first was faster.
///
/// The listener keeps the turn while it gives an answer that takes only microseconds: the client has it before
/// another thread would be awake. Otherwise it passes the turn on first, so that somebody listens whatever
/// happens.
public final class ListenTurn {
    private static final int BRIEF_READ = 16 << 10;
    private static final int LONG_READ = 256 << 10;
    private static final int MAX_PATIENCE = 64;

    private final Semaphore turn = new Semaphore(1);

    /// Only a thread itself writes its own name here, so that each reads rightly whether it is the one.
    private volatile Thread holder;

    /// The thread that asked last, and how often it was another than before since the device was empty. One client
    /// alone can be fast enough to keep the device from being empty. Belong to whose turn it is.
    private int client;

    private int changes;

    /// What [#expectsMore] said last; how many requests are to be waited for before it says yes to a lone client, and
    /// how many will be when it is wrong again. Belong to whose turn it is.
    private boolean guessed;

    private int waits;
    private int patience = 1;

    /// Waits for the turn, unless it is the calling thread's.
    public void take() {
        if (holder != Thread.currentThread()) {
            turn.acquireUninterruptibly();
            holder = Thread.currentThread();
        }
    }

    /// Lets another thread listen, if it is the calling thread's turn.
    public void pass() {
        if (holder == Thread.currentThread()) {
            holder = null;
            turn.release();
        }
    }

    /// The device has no request.
    public void empty() {
        changes = 0;
        waits = patience;
        patience = Math.min(2 * patience, MAX_PATIENCE);
    }

    /// Whether it is worth reading from the device before waiting for a request. Where several clients ask, or
    /// where the one that has its answer runs before the listener does, there is a request already; else the read
    /// would be for nothing. Tried again after a while, which doubles with every failure.
    ///
    /// @return false when the listener is to wait first
    public boolean expectsMore() {
        guessed = changes > 0 || waits == 0;
        if (!guessed) {
            waits--;
        }
        return guessed;
    }

    /// A request was taken from the device: passes the turn on before it is answered, unless that takes microseconds.
    ///
    /// @param asking whose request it is
    /// @param bytes  that are copied to answer it, if it needs nothing that could wait; negative when it may
    public void passUnlessBrief(int asking, int bytes) {
        if (guessed) {
            patience = 1;
        }
        if (asking != client) {
            client = asking;
            changes++;
        }
        boolean crowded = changes > 1;
        boolean brief = bytes >= 0 && (bytes <= BRIEF_READ || bytes <= LONG_READ && !crowded);
        if (!brief) {
            pass();
        }
    }
}
