package org.relayfs.fuse.data;

import java.util.HashMap;
import java.util.Map;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The limit on the records of waiting writes, which are kept in the daemon's heap: in all, and for each user, so that
/// nobody may fill it for the others. Any thread may call.
final class KeptBytes {
    /// What the record takes besides its bytes.
    private static final long OVERHEAD = 512;

    private static final int HEAP_SHARE = 8;

    private final long most;
    /// Guarded by this, as all below.
    private final Map<Integer, Long> ofUsers = new HashMap<>();

    private long total;

    /// Bounded by the heap.
    KeptBytes() {
        this(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /// @param most bytes in all; a single user may have half of them
    KeptBytes(long most) {
        this.most = most;
    }

    /// One record more.
    ///
    /// @param user   who writes
    /// @param length of the record
    /// @throws ErrnoException ENOMEM: no more before others have got room
    synchronized void take(int user, int length) throws ErrnoException {
        long mine = ofUsers.getOrDefault(user, 0L) + length + OVERHEAD;
        if (mine > most / 2 || total + length + OVERHEAD > most) {
            throw new ErrnoException(
                    Errno.ENOMEM,
                    "waiting writes: bytes=" + (total + length) + ", limit=" + most
                            + ", half of it for each user; read, or give the daemon a larger heap (-Xmx)");
        }
        ofUsers.put(user, mine);
        total += length + OVERHEAD;
    }

    /// One record less.
    ///
    /// @param user   who wrote
    /// @param length of the record
    synchronized void giveBack(int user, int length) {
        ofUsers.computeIfPresent(user, (key, bytes) -> bytes == length + OVERHEAD ? null : bytes - length - OVERHEAD);
        total -= length + OVERHEAD;
    }
}
