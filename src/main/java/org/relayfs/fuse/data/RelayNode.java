package org.relayfs.fuse.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.ring.DeliveryListener;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A relay file that the kernel knows, and who waits for it: pollers, and reads that wait for data.
///
/// Any session thread and the notifier may call. [#onDelivery] is called by writers: where one poller is all that
/// waits, they wake it themselves, which costs what waking the notifier would and saves the client a change of
/// threads; for all else they queue the node.
final class RelayNode implements DeliveryListener, Consumer<ThreadTools> {
    private static final Logger LOG = LoggerFactory.getLogger(RelayNode.class);

    private final long id;
    private final RelayFile file;
    private final RingBuffer buffer;
    private final PollNotifier notifier;
    private final WaitingReads waitingReads;
    private final Map<Long, OpenRelayFile> openFiles = new ConcurrentHashMap<>();
    private final AtomicBoolean queued = new AtomicBoolean();

    private final Pollers pollers = new Pollers();

    /// First come, first served. Guarded by this.
    private final Deque<ReadRequest> waiting = new ArrayDeque<>();

    /// There is more to do at a delivery than to wake pollers. Written under this, before the buffer is armed.
    private volatile boolean needsNotifier;

    /// Set when the mount ends: nobody waits any more. Guarded by this.
    private boolean ended;

    /// The kernel's number of the backing file, 0 without one. Guarded by this.
    private int backingId;

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

    RingBuffer buffer() {
        return buffer;
    }

    @Override
    public void onDelivery(RingBuffer delivered) {
        if (needsNotifier) {
            enqueue();
        } else {
            pollers.wakeFirst();
            if (pollers.hasOthers()) {
                enqueue();
            }
        }
    }

    private void enqueue() {
        if (queued.compareAndSet(false, true)) {
            try {
                notifier.enqueue(this);
            } catch (Error e) {
                queued.set(false); // or nobody would be told ever again
                throw e;
            }
        }
    }

    /// Asks that those who wait on an open file be woken at the next delivery. Test for data afterwards.
    void addPoller(long handle, Poller poller) {
        pollers.add(handle, poller);
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

    /// @return true when the file is removed and nobody has it open
    boolean isUnused() {
        return file.isRemoved() && openFiles.isEmpty();
    }

    /// @param handle of a request
    /// @return what had been open, or null
    OpenRelayFile removeOpenFile(long handle) {
        pollers.remove(handle);
        return openFiles.remove(handle);
    }

    /// Lets a read wait for data, or answers it when there are some meanwhile.
    synchronized void park(ReadRequest read, ThreadTools tools) {
        waiting.add(read);
        needsNotifier = true;
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
        pollers.wakeAll();
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
        needsNotifier = cachedPages.areUsed();
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
        enqueue();
    }

    /// Where there is none it is tried again with the next open: there may have been no descriptor left.
    ///
    /// @param backing registers the data file when this is the first open
    /// @return the kernel's number of the backing file, or 0
    synchronized int backingId(BackingFiles backing) {
        if (backingId == 0) {
            backingId = backing.register(buffer.dataPath());
        }
        return backingId;
    }

    /// The kernel has forgotten the node.
    synchronized void dispose(BackingFiles backing) {
        if (backingId > 0) {
            backing.unregister(backingId);
        }
        backingId = 0;
        cachedPages.forget();
        needsNotifier = false;
    }

    /// @return the pages of its mappings that the kernel keeps
    CachedPages cachedPages() {
        return cachedPages;
    }

    /// Answers a page fill; from then on the pages are renewed at every delivery.
    void fillPage(FuseRequest request, ThreadTools tools) {
        synchronized (this) {
            cachedPages.use();
            needsNotifier = true;
        }
        cachedPages.fill(request, tools);
    }

    @Override
    public String toString() {
        return "relay file of CPU " + buffer.cpu();
    }
}
