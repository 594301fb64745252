package org.relayfs.tree.handler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The calls of one file's handlers: one after another, in the order in which they came, in a thread that
/// serves no other file meanwhile.
///
/// Nobody waits longer than the limit, from the moment of the call on: then the answer is EIO. A handler that
/// runs longer *hangs*: it is interrupted, everybody who waits behind it is answered at once, and until it
/// returns nobody else is let in. So a file holds one thread at most. Thread-safe.
public final class HandlerQueue {
    private static final int MOST = 16;

    private final HandlerThreads threads;
    private final HandlerFailures failures;

    /// All that follow are guarded by this. No call is answered under it.
    private final Deque<HandlerCall> waiting = new ArrayDeque<>();

    private HandlerCall running;
    private Thread runner;
    private Future<?> watch;
    private boolean busy;
    private boolean hangs;
    private boolean ended;

    HandlerQueue(HandlerThreads threads, HandlerFailures failures) {
        this.threads = threads;
        this.failures = failures;
    }

    /// Has a call carried out, and returns at once.
    ///
    /// @param call a new one
    /// @throws ErrnoException ENODEV: the file is gone; EBUSY: its handler hangs, or too many wait for it.
    ///                        The call is not answered
    public void submit(HandlerCall call) throws ErrnoException {
        boolean idle;
        synchronized (this) {
            requireRoom();
            call.setPatience(threads.afterTheWait(() -> call.refuse(Errno.EIO)));
            waiting.add(call);
            idle = !busy;
            busy = true;
        }
        if (idle) {
            begin(call);
        }
    }

    private void requireRoom() throws ErrnoException {
        if (ended) {
            throw new ErrnoException(Errno.ENODEV, "the file was removed; open it again");
        }
        if (hangs) {
            throw new ErrnoException(Errno.EBUSY, "its handler has not returned from an earlier call; try again later");
        }
        waiting.removeIf(HandlerCall::isAnswered);
        if (waiting.size() + (running == null ? 0 : 1) >= MOST) {
            throw new ErrnoException(
                    Errno.EBUSY, "calls of its handlers: count=" + MOST + ", limit=" + MOST + "; try again");
        }
    }

    private void begin(HandlerCall first) throws ErrnoException {
        try {
            threads.run(this::work);
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            first.withdraw();
            List<HandlerCall> others;
            synchronized (this) {
                busy = false;
                others = takeWaiting();
            }
            others.forEach(call -> call.refuse(Errno.EBUSY));
            throw new ErrnoException(Errno.EBUSY, "no thread is left for it, too many handlers hang; try again later");
        }
    }

    private List<HandlerCall> takeWaiting() {
        List<HandlerCall> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /// In a handler's thread.
    private void work() {
        for (HandlerCall call = next(); call != null; call = next()) {
            call.carryOut();
            if (hasFinished()) {
                tell();
            }
        }
    }

    private void tell() {
        try {
            failures.returned();
        } catch (OutOfMemoryError none) {
            // Who asks next will see.
        }
    }

    private synchronized HandlerCall next() {
        HandlerCall call = waiting.poll();
        while (call != null && call.isAnswered()) {
            call = waiting.poll();
        }
        if (call == null) {
            busy = false;
            return null;
        }
        HandlerCall begun = call;
        running = begun;
        runner = Thread.currentThread();
        watch = threads.afterTheWait(() -> hang(begun));
        return begun;
    }

    /// @return true when it was taken for one that hangs
    private synchronized boolean hasFinished() {
        running = null;
        runner = null;
        if (watch != null) {
            watch.cancel(false);
        }
        Thread.interrupted(); // what was meant for the handler that has returned
        boolean wasLate = hangs;
        hangs = false;
        return wasLate;
    }

    private void hang(HandlerCall call) {
        List<HandlerCall> behind;
        synchronized (this) {
            if (running != call) {
                return;
            }
            hangs = true;
            runner.interrupt();
            behind = takeWaiting();
        }
        ErrnoException refusal = new ErrnoException(
                Errno.EIO,
                "its handler has not returned within limit=" + threads.waitMs() + " ms; new calls are refused");
        failures.hangs(refusal);
        call.refuse(refusal.errno());
        behind.forEach(late -> late.refuse(refusal.errno()));
    }

    /// The file is gone: nothing new begins. A handler that runs may finish, and answers.
    void end() {
        List<HandlerCall> all;
        synchronized (this) {
            ended = true;
            all = takeWaiting();
        }
        all.forEach(call -> call.refuse(Errno.ENODEV));
    }

    /// The mount is gone: the one whose call is being carried out does not wait for it either.
    void abandon() {
        HandlerCall late;
        synchronized (this) {
            late = running;
        }
        end();
        if (late != null) {
            late.refuse(Errno.ENODEV);
        }
    }
}
