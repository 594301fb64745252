package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.fuse.data.DataPlane;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;
import org.relayfs.fuse.wire.ReplyWriter;
import org.relayfs.fuse.wire.WireAttributes;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.Directory;
import org.relayfs.tree.Node;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.access.Attributes;

/// The answers to LOOKUP and GETATTR, of which `ls -l` needs five for each file, without the way through libfuse. The
/// kernel asks each time, because names, attributes and who may look a name up change without it.
///
/// Whatever is not as it was when libfuse last answered, libfuse answers: it knows which of the kernel's nodes have
/// lost their name. Called by session threads, several at a time.
final class NameRequests {
    private final RelayTree tree;
    private final KnownNodes known;
    private final DataPlane data;
    private final boolean checkedByKernel;

    /// @param tree            what is shown
    /// @param known           what the kernel knows of it
    /// @param data            answers for relay files
    /// @param checkedByKernel the kernel has checked what the callers may do
    NameRequests(RelayTree tree, KnownNodes known, DataPlane data, boolean checkedByKernel) {
        this.tree = tree;
        this.known = known;
        this.data = data;
        this.checkedByKernel = checkedByKernel;
    }

    /// {@return true for a request that can be answered here, in microseconds}
    ///
    /// @param opcode of a request on a node of libfuse's
    static boolean mayAnswer(int opcode) {
        return opcode == FuseProtocol.LOOKUP || opcode == FuseProtocol.GETATTR;
    }

    /// Answers a request.
    ///
    /// @param request that can be answered here
    /// @param replies of the calling thread
    /// @return false when libfuse is to answer it
    boolean answer(FuseRequest request, ReplyWriter replies) {
        Node node = known.find(request.nodeId());
        if (node == null || !tree.isPresent(node)) {
            return false;
        }
        try {
            if (request.opcode() == FuseProtocol.GETATTR) {
                sendAttributes(request, node, replies);
                return true;
            }
            return node instanceof Directory directory && lookUp(request, directory, replies);
        } catch (ErrnoException e) {
            replies.error(request.unique(), e.errno());
        } catch (DamagedBufferException e) {
            replies.error(request.unique(), Errno.EIO); // logged once, when it was found
        }
        return true;
    }

    private static void sendAttributes(FuseRequest request, Node node, ReplyWriter replies) {
        Attributes attributes = node.attributes();
        MemorySegment body = replies.newBody(FuseProtocol.ATTR_OUT_SIZE);
        WireAttributes.put(body.asSlice(FuseProtocol.ATTR_OUT_ATTR), attributes, attributes.size());
        replies.body(request.unique(), FuseProtocol.ATTR_OUT_SIZE);
    }

    private boolean lookUp(FuseRequest request, Directory directory, ReplyWriter replies) throws ErrnoException {
        String name = request.plainName();
        if (name == null) {
            return false;
        }
        Node node = tree.lookUp(directory, name, request.caller(checkedByKernel));
        if (node instanceof RelayFile file) {
            data.handOver(file, request.unique(), replies);
            return true;
        }
        return known.answer(node, entry -> sendEntry(request, entry, node.attributes(), replies));
    }

    private static int sendEntry(
            FuseRequest request, KnownNodes.Known entry, Attributes attributes, ReplyWriter replies) {
        MemorySegment body = replies.newBody(FuseProtocol.ENTRY_SIZE);
        body.set(JAVA_LONG, FuseProtocol.ENTRY_NODE_ID, entry.id());
        body.set(JAVA_LONG, FuseProtocol.ENTRY_GENERATION, entry.generation());
        WireAttributes.put(body.asSlice(FuseProtocol.ENTRY_ATTR), attributes, attributes.size());
        return replies.body(request.unique(), FuseProtocol.ENTRY_SIZE);
    }
}
