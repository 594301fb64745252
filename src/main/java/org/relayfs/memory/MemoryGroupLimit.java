package org.relayfs.memory;

import java.nio.file.Path;
import java.util.Optional;
import org.relayfs.linux.MemoryCgroup;
import org.relayfs.memory.MappedFile.OutOfMemoryException;

/// The limit of the memory control group that this process is in. The kernel does not refuse what goes beyond, it
/// kills:
/// so shared memory that would is refused before. Thread-safe.
final class MemoryGroupLimit {
    /// What is left to everything else: a part of the limit, and so much at least.
    private static final int SHARE = 16;

    private static final long MARGIN = 16L << 20;
    private static final long LOOK_NS = 50_000_000;

    /// What is left, as it was found the last time, less what was taken since; null where there is no limit. Guarded by
    /// the class, like all of these.
    private static MemoryCgroup group;

    private static long takenSince;
    private static long lookedNs = System.nanoTime() - LOOK_NS;

    private MemoryGroupLimit() {}

    /// Makes sure that the group has room.
    ///
    /// @param bytes  about to be taken
    /// @param object what they are for
    /// @throws OutOfMemoryException there is not enough left
    static synchronized void require(long bytes, Path object) throws OutOfMemoryException {
        if (System.nanoTime() - lookedNs >= LOOK_NS) {
            Optional<MemoryCgroup> tightest = MemoryCgroup.tightest();
            group = tightest.orElse(null);
            takenSince = 0;
            lookedNs = System.nanoTime();
        }
        if (group == null) {
            return;
        }
        long margin = Math.max(MARGIN, group.limit() / SHARE);
        long left = Math.max(0, group.left() - takenSince - margin);
        if (bytes > left) {
            throw new OutOfMemoryException(object + ": no room for " + bytes + " bytes in the memory control group "
                    + group.folder() + ": left=" + left + ", limit=" + group.limit()
                    + "; destroy a channel, make a smaller one or raise the limit (docker run --memory, systemd's"
                    + " MemoryMax=)");
        }
        takenSince += bytes;
    }
}
