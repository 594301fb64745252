package org.relayfs.fuse;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.DeliveryListener;
import org.relayfs.tree.Errno;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A relay file that the kernel knows, and who waits for it: pollers, and reads that wait for data.
///
/// Any session thread and the notifier may call. [#onDelivery] is called by writers and only queues the node.
final class RelayNode implements DeliveryListener, Consumer<ThreadTools> {
    private static final Logger LOG = LoggerFactory.getLogger(RelayNode.class);

    private final long id;
    private final RelayFile file;
    private final ChannelBuffer buffer;
    private final PollNotifier notifier;
    private final WaitingReads waitingReads;
    private final Map<Long, OpenRelayFile> openFiles = new ConcurrentHashMap<>();
    private final AtomicBoolean queued = new AtomicBoolean();

    /// Open file to the kernel's name for it, of those to be notified once. Guarded by this.
    private final Map<Long, Long> pollers = new HashMap<>();

    /// First come, first served. Guarded by this.
    private final Deque<ReadRequest> waiting = new ArrayDeque<>();

    /// Set when the mount ends: nobody waits any more. Guarded by this.
    private boolean ended;

    /// The kernel's number of the backing file, 0 without one, -1 until it was asked for. Guarded by this.
    private int backingId = -1;

    private final CachedPages cachedPages;

    /// @param id           node id
    /// @param file         the file
    /// @param notifier     calls [#accept] after a delivery
    /// @param waitingReads finds the reads that are interrupted
    RelayNode(long id, RelayFile file, PollNotifier notifier, WaitingReads waitingReads) {
        this.id = id;
        this.file = file;
        this.buffer = file.buffer();
        this.notifier = notifier;
        this.waitingReads = waitingReads;
        this.cachedPages = new CachedPages(id, buffer);
    }

    long id() {
        return id;
    }

    RelayFile file() {
        return file;
    }

    ChannelBuffer buffer() {
        return buffer;
    }

    @Override
    public void onDelivery(ChannelBuffer delivered) {
        if (queued.compareAndSet(false, true)) {
            notifier.enqueue(this);
        }
    }

    /// Asks for a notification of `kernelHandle` at the next delivery. Test for data afterwards.
    synchronized void addPoller(long handle, long kernelHandle) {
        pollers.put(handle, kernelHandle);
        buffer.armWakeup();
    }

    void addOpenFile(long handle, OpenRelayFile open) {
        openFiles.put(handle, open);
    }

    /// @param handle of a request
    /// @return the descriptor
    /// @throws ErrnoException EBADF
    OpenRelayFile openFile(long handle) throws ErrnoException {
        OpenRelayFile open = openFiles.get(handle);
        if (open == null) {
            throw new ErrnoException(Errno.EBADF, "no open file has the handle " + handle);
        }
        return open;
    }

    synchronized void removeOpenFile(long handle) {
        pollers.remove(handle);
        openFiles.remove(handle);
    }

    private synchronized long[] takePollers() {
        long[] kernelHandles =
                pollers.values().stream().mapToLong(Long::longValue).toArray();
        pollers.clear();
        return kernelHandles;
    }

    /// Lets a read wait for data, or answers it when there are some meanwhile.
    synchronized void park(ReadRequest read, ThreadTools tools) {
        waiting.add(read);
        if (waitingReads.add(read.unique(), this)) {
            serveWaiting(tools);
        } else {
            interrupt(read.unique(), tools.replies());
        }
    }

    /// Ends a waiting read with EINTR; does nothing when it does not wait any more.
    synchronized void interrupt(long unique, ReplyWriter replies) {
        if (waiting.removeIf(read -> read.unique() == unique)) {
            waitingReads.remove(unique);
            replies.error(unique, Errno.EINTR);
        }
    }

    /// The notifier calls, after a delivery or at the end: renews mappings, wakes pollers, answers waiting reads,
    /// in this order.
    @Override
    public void accept(ThreadTools tools) {
        queued.set(false); // what is delivered from here on queues the node again
        if (cachedPages.areUsed()) {
            buffer.armWakeup();
            cachedPages.renew(tools.replies());
        }
        for (long kernelHandle : takePollers()) {
            tools.replies().notifyPoll(kernelHandle);
        }
        serveWaiting(tools);
    }

    private synchronized void serveWaiting(ThreadTools tools) {
        for (Iterator<ReadRequest> reads = waiting.iterator(); reads.hasNext(); ) {
            ReadRequest read = reads.next();
            buffer.armWakeup(); // before the look at the buffer: a delivery after it calls us again
            if (!answered(read, tools)) {
                return;
            }
            reads.remove();
            waitingReads.remove(read.unique());
        }
    }

    private boolean answered(ReadRequest read, ThreadTools tools) {
        try {
            boolean last = ended || buffer.isFinalized();
            return tools.reads().serve(buffer, read, last) != ReadReply.Outcome.EMPTY;
        } catch (IOException e) {
            LOG.error("waiting read on cpu {} failed", buffer.cpu(), e);
            tools.replies().error(read.unique(), Errno.EIO);
            return true;
        }
    }

    /// The mount ends: nobody is to wait any more. [#accept] then answers those who do.
    synchronized void end() {
        ended = true;
    }

    /// @param backing registers the data file when this is the first open
    /// @param calls   of the calling thread
    /// @return the kernel's number of the backing file, or 0
    synchronized int backingId(BackingFiles backing, SystemCalls calls) {
        if (backingId < 0) {
            backingId = backing.register(buffer.dataPath(), calls);
        }
        return backingId;
    }

    /// The kernel has forgotten the node.
    synchronized void dispose(BackingFiles backing, SystemCalls calls) {
        if (backingId > 0) {
            backing.unregister(backingId, calls);
        }
        backingId = 0;
    }

    /// @return the pages of its mappings that the kernel keeps
    CachedPages cachedPages() {
        return cachedPages;
    }

    @Override
    public String toString() {
        return "relay file of CPU " + buffer.cpu();
    }
}
