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

    private final Semaphore turn = new Semaphore(1);

    /// Only a thread itself writes its own name here, so that each reads rightly whether it is the one.
    private volatile Thread holder;

    /// The thread that asked last, and how often it was another than before since the device was empty. One client
    /// alone can be fast enough to keep the device from being empty. Belong to whose turn it is.
    private int client;

    private int changes;

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
    }

    /// {@return true if several threads have asked since the device was empty: it may not be empty now}
    public boolean isShared() {
        return changes > 0;
    }

    /// A request was taken from the device: passes the turn on before it is answered, unless that takes microseconds.
    ///
    /// @param asking whose request it is
    /// @param bytes  that are copied to answer it, if it needs nothing that could wait; negative when it may
    public void passUnlessBrief(int asking, int bytes) {
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
