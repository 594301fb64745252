package org.relayfs.fuse.session;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.fuse.wire.ListenTurn;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.SystemCallException;
import org.relayfs.linux.WaitCalls;

/// The threads of a session, from their start to the end of the last of them. They end on request, or when the
/// mount is gone. Any thread may call.
final class SessionThreads {
    private final ListenTurn turn = new ListenTurn();
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final int wakeFd;
    private Runnable afterwards;
    private volatile boolean stopping;
    /// Guarded by this: the number may belong to another file once it is closed.
    private boolean wakeClosed;

    private SessionThreads(int wakeFd) {
        this.wakeFd = wakeFd;
    }

    /// {@return none yet}
    ///
    /// @throws IOException no descriptor is left
    static SessionThreads create() throws IOException {
        return new SessionThreads((int) SystemCallException.check(WaitCalls.eventfd(), "eventfd", "of a session"));
    }

    /// Starts threads.
    ///
    /// @param count how many
    /// @param body  what each does
    /// @param last  what the last one does before it ends
    void start(int count, SessionThread body, Runnable last) {
        afterwards = last;
        running.set(count);
        for (int i = 0; i < count; i++) {
            Thread.ofPlatform().daemon().name("relayfs-session-" + i).start(body);
        }
    }

    /// {@return the turn to listen}
    ListenTurn turn() {
        return turn;
    }

    /// {@return a descriptor that is readable once they are to end}
    int wakeFd() {
        return wakeFd;
    }

    boolean areStopping() {
        return stopping;
    }

    /// Tells them to end; returns at once. Requests in progress are still answered.
    synchronized void stop() {
        stopping = true;
        if (!wakeClosed) {
            WaitCalls.signal(wakeFd);
        }
    }

    /// A thread has left its loop; it does not touch the device again.
    void oneEnded() {
        if (running.decrementAndGet() == 0) {
            stopping = true;
            try {
                afterwards.run();
            } finally {
                close();
                ended.countDown();
            }
        }
    }

    boolean haveEnded() {
        return ended.getCount() == 0;
    }

    /// @param timeoutMs how long to wait at most
    /// @return true when the last has ended
    /// @throws InterruptedException the waiting thread was interrupted
    boolean awaitEnd(long timeoutMs) throws InterruptedException {
        return ended.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /// Frees what remains without threads.
    synchronized void close() {
        if (!wakeClosed) {
            wakeClosed = true;
            FileCalls.close(wakeFd);
        }
    }
}
