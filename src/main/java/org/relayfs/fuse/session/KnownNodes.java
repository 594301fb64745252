package org.relayfs.fuse.session;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.tree.Node;

/// The directories and control files that the kernel knows, under the ids that libfuse has given them. What is asked of
/// them can be answered without libfuse, but it must keep a node as long as the kernel does: lookups that it does not
/// know of are counted here, and when the kernel gives some back, these come first.
///
/// Thread-safe. Replies are sent under its lock, so that a node is here, and counted, before the kernel gives it back.
final class KnownNodes {
    private final Map<Long, Known> byId = new HashMap<>();
    private final IdentityHashMap<Node, Known> byNode = new IdentityHashMap<>();

    /// A node that the kernel knows.
    static final class Known {
        private final long id;
        private final long generation;
        private Node node;
        /// Lookups that libfuse does not know of.
        private long lookups;

        private Known(long id, long generation, Node node) {
            this.id = id;
            this.generation = generation;
            this.node = node;
        }

        long id() {
            return id;
        }

        long generation() {
            return generation;
        }
    }

    /// @param root of the tree, which the kernel knows without a lookup
    KnownNodes(Node root) {
        put(new Known(FuseProtocol.ROOT, 0, root));
    }

    private void put(Known known) {
        byId.put(known.id, known);
        byNode.put(known.node, known);
    }

    private void remove(Known known) {
        byId.remove(known.id);
        byNode.remove(known.node, known);
    }

    /// {@return what the kernel means by an id, or null when that is not known}
    ///
    /// @param id of a request
    synchronized Node find(long id) {
        Known known = byId.get(id);
        return known == null ? null : known.node;
    }

    /// Sends libfuse's reply to a lookup.
    ///
    /// @param id         that it names
    /// @param generation of the id
    /// @param node       that was found
    /// @param reply      sends it; negative when the kernel does not take it
    /// @return what `reply` has returned
    synchronized int learn(long id, long generation, Node node, IntSupplier reply) {
        int result = reply.getAsInt();
        if (result < 0) {
            return result;
        }
        Known known = byId.get(id);
        if (known == null) {
            put(new Known(id, generation, node));
        } else if (known.node != node) {
            // Another file has the name now, and for libfuse a node is a name.
            byNode.remove(known.node, known);
            known.node = node;
            byNode.put(node, known);
        }
        return result;
    }

    /// Answers a lookup of which libfuse learns nothing.
    ///
    /// @param node  that was found
    /// @param reply sends the answer; negative when the kernel does not take it
    /// @return false when the kernel does not know the node yet: libfuse is to answer
    synchronized boolean answer(Node node, ToIntFunction<Known> reply) {
        Known known = byNode.get(node);
        if (known != null && reply.applyAsInt(known) >= 0) {
            known.lookups++;
        }
        return known != null;
    }

    /// The kernel gives back lookups.
    ///
    /// @param id      of a node
    /// @param lookups as many as it gives back
    /// @return how many of them libfuse knows of, and has to be given back
    synchronized long forget(long id, long lookups) {
        Known known = byId.get(id);
        if (known == null || id == FuseProtocol.ROOT) {
            return lookups;
        }
        long here = Math.min(lookups, known.lookups);
        known.lookups -= here;
        if (here < lookups) {
            remove(known); // these may be all that libfuse knows of
        }
        return lookups - here;
    }
}
