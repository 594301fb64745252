package org.relayfs.tree.handler;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// One call of a handler on behalf of somebody who waits for the answer. It is answered once, whoever is
/// first: the handler, or the one who ends the waiting. Thread-safe.
public final class HandlerCall {
    /// What is done in a handler's thread.
    @FunctionalInterface
    public interface Work {
        /// {@return what the caller gets}
        ///
        /// @throws ErrnoException it is refused
        byte[] carryOut() throws ErrnoException;
    }

    /// The way back to the caller. Does not wait.
    @FunctionalInterface
    public interface Answer {
        /// @param refusal null when it was done
        /// @param result  null when it was refused
        void give(Errno refusal, byte[] result);
    }

    private final Work work;
    private final AtomicReference<Answer> answer;
    private volatile Future<?> patience;

    /// @param work   what is done
    /// @param answer is called once
    public HandlerCall(Work work, Answer answer) {
        this.work = work;
        this.answer = new AtomicReference<>(answer);
    }

    /// The caller was interrupted: it has its answer, whatever becomes of the call.
    public void interrupt() {
        refuse(Errno.EINTR);
    }

    boolean isAnswered() {
        return answer.get() == null;
    }

    void setPatience(Future<?> end) {
        patience = end;
    }

    void refuse(Errno errno) {
        give(errno, null);
    }

    /// Nobody gets an answer from it any more: the one who has asked is told otherwise.
    void withdraw() {
        answer.set(null);
        endPatience();
    }

    /// In a handler's thread.
    void carryOut() {
        try {
            give(null, work.carryOut());
        } catch (ErrnoException refusal) {
            refuse(refusal.errno());
        } catch (Throwable t) {
            refuse(Errno.EIO); // there may be no memory for more
        }
    }

    private void give(Errno refusal, byte[] result) {
        Answer way = answer.getAndSet(null);
        if (way != null) {
            endPatience();
            way.give(refusal, result);
        }
    }

    private void endPatience() {
        Future<?> end = patience;
        if (end != null) {
            end.cancel(false);
        }
    }
}
