package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.ErrnoException;
import org.relayfs.linux.ProcessMappings;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.RelayFile;

/// Answers POLL.
final class PollOperation implements Operation {
    private static final int READABLE = FuseProtocol.POLLIN | FuseProtocol.POLLRDNORM;
    private static final int WRITABLE = FuseProtocol.POLLOUT | FuseProtocol.POLLWRNORM;
    private static final int ENDED = FuseProtocol.POLLERR | FuseProtocol.POLLHUP;

    private final FuseDevice device;
    private final PollNotifier notifier;

    /// @param device   through which pollers are woken
    /// @param notifier renews cached pages
    PollOperation(FuseDevice device, PollNotifier notifier) {
        this.device = device;
        this.notifier = notifier;
    }

    @Override
    public int briefBytes(FuseRequest request, RelayNode node) {
        return node.buffer().hasClient() ? -1 : 0;
    }

    @Override
    public void answer(FuseRequest request, RelayNode node, ThreadTools tools) throws ErrnoException {
        long handle = request.longAt(FuseProtocol.POLL_HANDLE);
        OpenRelayFile open = node.openFiles().get(handle);
        if ((request.intAt(FuseProtocol.POLL_FLAGS) & FuseProtocol.POLL_SCHEDULE_NOTIFY) != 0) {
            Poller poller = open.poller(device, request.longAt(FuseProtocol.POLL_KERNEL_HANDLE));
            node.waiters().addPoller(handle, poller);
            if (open.isWriter()) {
                node.roomWaiters().addPoller(handle, poller);
            }
        }
        long unique = request.unique();
        int events = hasEnded(request, node, open) ? eventsOfEnded(node, open) : events(node, open);
        if (node.pages().areStale()) {
            notifier.enqueue(tellers -> {
                node.pages().renew(tellers.replies());
                send(unique, events, tellers.replies());
            });
        } else {
            send(unique, events, tools.replies());
        }
    }

    private static boolean hasEnded(FuseRequest request, RelayNode node, OpenRelayFile open) {
        RelayFile file = node.file();
        return file.isReplaced()
                && open.endsWithBuffer(() ->
                        ProcessMappings.contain(request.pid(), file.attributes().inode(), file.name()));
    }

    // Without POLLERR while the channel lives: there is another file of that name.
    private static int eventsOfEnded(RelayNode node, OpenRelayFile open) {
        int end = node.waiters().reads().mayWait() ? FuseProtocol.POLLHUP : ENDED;
        return end | (open.isReader() && node.buffer().hasDataOfItsOwn() ? READABLE : 0);
    }

    private static int events(RelayNode node, OpenRelayFile open) {
        RingBuffer buffer = node.buffer();
        if (node.waiters().reads().mayWait()) {
            return (open.isReader() && buffer.isReadable() ? READABLE : 0)
                    | (open.isWriter() && node.file().reportsRoom() && buffer.hasRoom() ? WRITABLE : 0);
        }
        return ENDED | (open.isReader() && buffer.hasData() ? READABLE : 0);
    }

    private static void send(long unique, int events, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.POLL_OUT_SIZE);
        body.set(JAVA_INT, FuseProtocol.POLL_OUT_EVENTS, events);
        replies.body(unique, FuseProtocol.POLL_OUT_SIZE);
    }
}
