package org.relayfs.fuse.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.ring.RingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The reads of one relay file that wait for data; first come, first served. A waiting read occupies no thread.
/// Any session thread and the notifier may call.
final class ReadQueue implements WaitingQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ReadQueue.class);

    private final RingBuffer buffer;
    private final WaitingRequests all;

    /// Guarded by this.
    private final Deque<ReadRequest> waiting = new ArrayDeque<>();

    /// Written under this, before the buffer is armed.
    private volatile boolean anyWaiting;

    /// @param buffer of the file
    /// @param all    the waiting reads of the mount
    ReadQueue(RingBuffer buffer, WaitingRequests all) {
        this.buffer = buffer;
        this.all = all;
    }

    /// {@return true when a delivery is waited for}
    boolean areWaiting() {
        return anyWaiting;
    }

    /// {@return false once nothing can come any more: what is empty then is at its end}
    boolean mayWait() {
        return !all.haveEnded() && !buffer.isFinalized();
    }

    /// Lets a read wait for data, or answers it if data have arrived meanwhile.
    synchronized void park(ReadRequest read, ThreadTools tools) {
        waiting.add(read);
        anyWaiting = true;
        if (all.add(read.unique(), this)) {
            serve(tools);
        } else {
            interrupt(read.unique(), tools.replies());
        }
    }

    /// Ends a waiting read with EINTR; does nothing when it does not wait any more.
    @Override
    public synchronized void interrupt(long unique, ReplyWriter replies) {
        if (waiting.removeIf(read -> read.unique() == unique)) {
            all.remove(unique);
            replies.error(unique, Errno.EINTR);
        }
    }

    /// Answers as many as there are data for; all of them if nothing can come any more.
    synchronized void serve(ThreadTools tools) {
        for (Iterator<ReadRequest> reads = waiting.iterator(); reads.hasNext(); ) {
            ReadRequest read = reads.next();
            buffer.armWakeup(); // before the look at the buffer: a delivery after it calls us again
            if (!answered(read, tools)) {
                return;
            }
            reads.remove();
            all.remove(read.unique());
        }
        anyWaiting = false;
    }

    private boolean answered(ReadRequest read, ThreadTools tools) {
        try {
            return tools.reads().serve(buffer, read, !mayWait()) != ReadReply.Outcome.EMPTY;
        } catch (DamagedBufferException e) {
            tools.replies().error(read.unique(), Errno.EIO);
            return true;
        } catch (IOException e) {
            LOG.error("waiting read on cpu {} failed", buffer.cpu(), e);
            tools.replies().error(read.unique(), Errno.EIO);
            return true;
        }
    }
}
