package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.Handshake;
import org.relayfs.fuse.wire.ListenTurn;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.TreeSpace;
import org.relayfs.tree.access.OpenFileLimit;

/// The data plane: answers every request on a relay file, straight from its buffer. Called by session threads,
/// several at a time.
public final class DataPlane {
    private final Handshake handshake;
    private final BackingFiles backing;
    private final PollNotifier notifier;
    private final NodeTable nodes = new NodeTable();
    private final WaitingRequests waiting = new WaitingRequests();
    private final NodeAttributes attributes;
    private final Operations operations;

    /// @param options   of the mount
    /// @param handshake what was agreed on with the kernel
    /// @param backing   registers data files
    /// @param notifier  tells those who wait
    /// @param device    of the mount
    /// @param limit     of open files
    /// @param space     how much there is
    public DataPlane(
            MountOptions options,
            Handshake handshake,
            BackingFiles backing,
            PollNotifier notifier,
            FuseDevice device,
            OpenFileLimit limit,
            Supplier<TreeSpace> space) {
        this.handshake = handshake;
        this.backing = backing;
        this.notifier = notifier;
        attributes = new NodeAttributes(options, handshake, space);
        operations = new Operations(
                nodes,
                new ReadOperation(handshake),
                new WriteOperation(handshake),
                new PollOperation(device, notifier),
                new Opening(options, handshake, limit, nodes),
                attributes);
    }

    /// {@return true if a request about this node belongs here, not to libfuse}
    ///
    /// @param nodeId of any request
    public static boolean owns(long nodeId) {
        return NodeTable.isOurs(nodeId);
    }

    /// {@return how many reads wait for data}
    public int waitingReadCount() {
        return waiting.count(ReadQueue.class);
    }

    /// {@return how many writes wait for room}
    public int waitingWriteCount() {
        return waiting.count(WriteQueue.class);
    }

    /// From now on nobody waits: waiters are woken, poll reports HUP.
    public void end() {
        waiting.end();
        for (RelayNode node : nodes.all()) {
            node.waiters().enqueue();
            node.roomWaiters().run();
        }
    }

    /// The session is over: writers are to queue nothing any more.
    public void detach() {
        nodes.detach();
        for (RelayNode node : nodes.all()) {
            node.buffer().setDeliveryListener(null);
            node.buffer().setRoomListener(null);
        }
    }

    /// Answers the request that the calling thread has read in its turn to listen, or keeps it. The turn is passed
    /// on first, unless the answer takes only microseconds.
    ///
    /// @param request on a node that is ours
    /// @param tools   of the thread
    /// @param turn    of the thread
    /// @throws IOException the kernel does not take the answer
    public void serve(FuseRequest request, ThreadTools tools, ListenTurn turn) throws IOException {
        RelayNode node = nodes.find(request.nodeId());
        Operation operation = node == null ? Operations.FORGOTTEN : operations.of(request.opcode());
        turn.passUnlessBrief(request.pid(), operation.briefBytes(request, node));
        try {
            operation.answer(request, node, tools);
        } catch (ErrnoException e) {
            tools.replies().error(request.unique(), e.errno());
        } catch (DamagedBufferException e) {
            tools.replies().error(request.unique(), Errno.EIO); // logged once, when it was found
        }
    }

    /// Answers a LOOKUP that found a relay file: from now on the kernel sends requests for it here, not to
    /// libfuse.
    public void handOver(RelayFile file, long unique, ReplyWriter replies) {
        RelayNode node = nodes.acquire(file, id -> newNode(id, file));
        if (file.isRemoved()) {
            // Since it was found: nobody would give the node up before the kernel forgets it.
            nodes.forget(node.id(), 1);
            replies.error(unique, Opening.gone(file).errno());
            return;
        }
        MemorySegment entry = replies.newBody(FuseProtocol.ENTRY_SIZE);
        entry.set(JAVA_LONG, FuseProtocol.ENTRY_NODE_ID, node.id());
        attributes.put(entry.asSlice(FuseProtocol.ENTRY_ATTR), node);
        if (replies.body(unique, FuseProtocol.ENTRY_SIZE) < 0) {
            nodes.forget(node.id(), 1);
        }
    }

    private RelayNode newNode(long id, RelayFile file) {
        RelayNode node = RelayNode.of(id, file, notifier, waiting, handshake, backing);
        file.buffer().setDeliveryListener(node.waiters());
        file.buffer().setRoomListener(node.roomWaiters());
        return node;
    }

    /// Gives back lookups of a node.
    public void forget(long nodeId, long lookups) {
        nodes.forget(nodeId, lookups);
    }

    /// Files have been removed: nodes that the kernel merely remembers must not hold memory any more.
    public void releaseUnused() {
        nodes.releaseUnused();
    }

    /// A client was interrupted while it waited for the answer to request `unique`.
    public void interrupt(long unique, ReplyWriter replies) {
        WaitingQueue queue = waiting.interrupt(unique);
        if (queue != null) {
            queue.interrupt(unique, replies);
        }
    }

    /// A control file was read: its content may tell of sub-buffers that cached pages do not show yet.
    ///
    /// @param reply what libfuse answers, to be sent as soon as they do
    /// @return false when there is nothing to wait for: the reply was not taken
    public boolean sendAfterRenewal(Supplier<byte[]> reply) {
        List<CachedPages> stale = handshake.mmapMode() != MmapMode.CACHED
                ? List.of()
                : nodes.all().stream()
                        .map(RelayNode::pages)
                        .filter(CachedPages::areStale)
                        .toList();
        if (stale.isEmpty()) {
            return false;
        }
        byte[] bytes = reply.get();
        notifier.enqueue(tools -> {
            stale.forEach(pages -> pages.renew(tools.replies()));
            tools.replies().raw(bytes);
        });
        return true;
    }
}
