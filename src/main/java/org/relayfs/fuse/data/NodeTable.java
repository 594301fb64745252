package org.relayfs.fuse.data;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.relayfs.tree.RelayFile;

/// The relay files that the kernel knows, each under a node id that is never used again. A file keeps its id as
/// long as the kernel remembers it. Any thread may call.
final class NodeTable {
    /// libfuse numbers its nodes with 32 bits.
    private static final long OURS = 1L << 62;

    private final Map<Long, Entry> byId = new ConcurrentHashMap<>();
    /// Guarded by this.
    private final IdentityHashMap<RelayFile, Entry> byFile = new IdentityHashMap<>();
    /// Guarded by this.
    private long lastNumber;
    /// The session is over. Guarded by this.
    private boolean detached;

    private static final class Entry {
        final RelayNode node;
        /// Guarded by the table.
        long lookups;

        Entry(RelayNode node) {
            this.node = node;
        }
    }

    /// @param nodeId of any request
    /// @return true when the data plane answers it
    static boolean isOurs(long nodeId) {
        return (nodeId & OURS) != 0;
    }

    /// Finds or makes the node of a file, and counts one more lookup of it by the kernel.
    ///
    /// @param file the file
    /// @param make makes a node for a new id
    /// @return the node
    synchronized RelayNode acquire(RelayFile file, LongFunction<RelayNode> make) {
        Entry entry = byFile.get(file);
        if (entry == null) {
            entry = new Entry(make.apply(OURS | ++lastNumber));
            byFile.put(file, entry);
            byId.put(entry.node.id(), entry);
        }
        entry.lookups++;
        return entry.node;
    }

    /// @param nodeId of a request
    /// @return the node, or null
    RelayNode find(long nodeId) {
        Entry entry = byId.get(nodeId);
        return entry == null ? null : entry.node;
    }

    /// The kernel gives back lookups of a node. With the last of them it is taken out.
    ///
    /// @param nodeId  a node
    /// @param lookups as many as the kernel gives back
    synchronized void forget(long nodeId, long lookups) {
        Entry entry = byId.get(nodeId);
        if (entry == null) {
            return;
        }
        entry.lookups -= lookups;
        if (entry.lookups <= 0) {
            byId.remove(nodeId);
            byFile.remove(entry.node.file());
            entry.node.dispose();
        }
    }

    /// The device is about to be closed: nothing is registered with it, or taken back, any more.
    synchronized void detach() {
        detached = true;
    }

    /// Takes out the nodes of files that are removed and that nobody has open, whatever the kernel remembers: the
    /// memory of their buffers must be freed. A request that still arrives finds no node.
    synchronized void releaseUnused() {
        if (detached) {
            return;
        }
        for (Entry entry : List.copyOf(byId.values())) {
            if (entry.node.isUnused()) {
                byId.remove(entry.node.id());
                // Whoever opens it at this moment checks afterwards whether it is still there.
                if (entry.node.isUnused()) {
                    byFile.remove(entry.node.file());
                    entry.node.dispose();
                } else {
                    byId.put(entry.node.id(), entry);
                }
            }
        }
    }

    /// @return all nodes, taken out or not
    synchronized List<RelayNode> all() {
        List<RelayNode> nodes = new ArrayList<>();
        byId.values().forEach(entry -> nodes.add(entry.node));
        return nodes;
    }
}
