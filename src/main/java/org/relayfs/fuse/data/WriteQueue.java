package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writes to one relay file that wait for room; first come, first served. A waiting write occupies no thread, but
/// its record has to be kept. Any session thread and the notifier may call.
final class WriteQueue implements WaitingQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    private final RelayFile file;
    private final Handshake handshake;
    private final WaitingRequests all;

    /// Guarded by this.
    private final Deque<WriteRequest> waiting = new ArrayDeque<>();

    /// @param file      that is written to
    /// @param handshake knows the largest write that arrives in one piece
    /// @param all       the waiting requests of the mount
    WriteQueue(RelayFile file, Handshake handshake, WaitingRequests all) {
        this.file = file;
        this.handshake = handshake;
        this.all = all;
    }

    /// Logs a record, or lets it wait for room, behind those that wait already.
    ///
    /// @throws ErrnoException it is refused; ENOMEM: too many bytes wait already
    synchronized void submit(WriteRequest write, ThreadTools tools) throws ErrnoException {
        if (waiting.isEmpty() && isWritten(write)) {
            done(write, tools.replies());
            return;
        }
        all.keep(write.caller().uid(), write.length());
        waiting.add(write.kept());
        if (all.add(write.unique(), this)) {
            serve(tools);
        } else {
            interrupt(write.unique(), tools.replies());
        }
    }

    /// Ends a waiting write with EINTR: nothing of it was logged.
    @Override
    public synchronized void interrupt(long unique, ReplyWriter replies) {
        for (Iterator<WriteRequest> writes = waiting.iterator(); writes.hasNext(); ) {
            WriteRequest write = writes.next();
            if (write.unique() == unique) {
                writes.remove();
                forget(write);
                replies.error(unique, Errno.EINTR);
                return;
            }
        }
    }

    /// Logs as many as there is room for; refuses all if there will never be any, or if writes do not wait any more.
    synchronized void serve(ThreadTools tools) {
        for (WriteRequest write = waiting.peek(); write != null; write = waiting.peek()) {
            if (!isAnswered(write, tools.replies())) {
                return;
            }
            waiting.remove();
            forget(write);
        }
    }

    private void forget(WriteRequest write) {
        all.remove(write.unique());
        all.release(write.caller().uid(), write.length());
    }

    private boolean isAnswered(WriteRequest write, ReplyWriter replies) {
        try {
            if (!isWritten(write)) {
                return false;
            }
            done(write, replies);
        } catch (ErrnoException e) {
            replies.error(write.unique(), e.errno());
        } catch (DamagedBufferException e) {
            replies.error(write.unique(), Errno.EIO); // logged once, when it was found
        } catch (RuntimeException e) {
            LOG.error("waiting write to {} failed", file.path(), e);
            replies.error(write.unique(), Errno.EIO);
        }
        return true;
    }

    private boolean isWritten(WriteRequest write) throws ErrnoException {
        if (all.haveEnded()) {
            throw new ErrnoException(Errno.ESHUTDOWN, file.path() + ": unmounted");
        }
        int limit = handshake.maxRecord();
        if (file.writesWait()) {
            file.buffer().armRoom(); // before the look at the buffer: who consumes after it calls us again
            return file.writeIfRoom(write.record(), 0, write.length(), limit, write.caller());
        }
        file.write(write.record(), 0, write.length(), limit, write.caller());
        return true;
    }

    /// Tells a client that its record was logged.
    static void done(WriteRequest write, ReplyWriter replies) {
        write.open().hasWritten(write.position(), write.length());
        replies.newBody(FuseProtocol.WRITE_OUT_SIZE).set(JAVA_INT, FuseProtocol.WRITE_OUT_WRITTEN, write.length());
        replies.body(write.unique(), FuseProtocol.WRITE_OUT_SIZE);
    }
}
