package org.relayfs.fuse.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.function.LongPredicate;
import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.fuse.wire.FuseRequest;

/// The nodes that a BATCH_FORGET names: those of relay files and those of libfuse, mixed.
final class ForgetList {
    private static final long FIRST = FuseProtocol.IN_HEADER_SIZE + FuseProtocol.BATCH_FIRST;

    private ForgetList() {}

    /// The plane that a node is taken out for.
    @FunctionalInterface
    interface Plane {
        /// @param nodeId  a node
        /// @param lookups as many as the kernel gives back
        void forget(long nodeId, long lookups);
    }

    /// Takes nodes out of the list and leaves to libfuse what it knows of the rest.
    ///
    /// @param request a BATCH_FORGET
    /// @param owned   which nodes
    /// @param plane   is told of each of them
    /// @param known   counts the lookups of the others that libfuse does not know of
    /// @return false when none is left
    static boolean takeOut(FuseRequest request, LongPredicate owned, Plane plane, KnownNodes known) {
        MemorySegment buffer = request.buffer();
        int count = request.intAt(FuseProtocol.BATCH_COUNT);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long from = FIRST + (long) i * FuseProtocol.BATCH_ENTRY_SIZE;
            long nodeId = buffer.get(JAVA_LONG, from);
            long lookups = buffer.get(JAVA_LONG, from + Long.BYTES);
            if (owned.test(nodeId)) {
                plane.forget(nodeId, lookups);
                continue;
            }
            long left = known.forget(nodeId, lookups);
            if (left > 0) {
                long to = FIRST + (long) kept++ * FuseProtocol.BATCH_ENTRY_SIZE;
                buffer.set(JAVA_LONG, to, nodeId);
                buffer.set(JAVA_LONG, to + Long.BYTES, left);
            }
        }
        buffer.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.BATCH_COUNT, kept);
        buffer.set(JAVA_INT, FuseProtocol.IN_LENGTH, (int) FIRST + kept * FuseProtocol.BATCH_ENTRY_SIZE);
        return kept > 0;
    }
}
