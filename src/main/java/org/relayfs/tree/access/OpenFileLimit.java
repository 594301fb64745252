package org.relayfs.tree.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The limit on the files of a mount that may be open at a time, in all and for each user: what an open file keeps is
/// in the daemon's memory, and nobody may fill that for the others, root included. Any thread may call.
public final class OpenFileLimit {
    /// For each user but the one who mounts and root; `allow_other` lets them in.
    static final int OTHERS = 1024;

    /// Heap that an open file and those who poll it take, at most.
    private static final int BYTES_EACH = 512;

    private static final int HEAP_SHARE = 4;

    private final int owner;
    private final int most;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<Integer, int[]> counts = new ConcurrentHashMap<>();

    /// Bounded by the heap.
    ///
    /// @param owner the user who mounts
    public OpenFileLimit(int owner) {
        this(owner, (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_EACH));
    }

    /// @param owner the user who mounts
    /// @param most  how many in all
    OpenFileLimit(int owner, int most) {
        this.owner = owner;
        this.most = most;
    }

    /// One more.
    ///
    /// @param user who opens
    /// @throws ErrnoException ENFILE: no more before others are closed
    public void take(int user) throws ErrnoException {
        boolean own = user == owner || user == 0;
        // Half is for the owner and root, however many others there are.
        int allowed = own ? most : most / 2;
        int mine = count(user);
        if (total.incrementAndGet() > allowed) {
            giveBack(user);
            throw new ErrnoException(
                    Errno.ENFILE,
                    "open files: limit=" + allowed + "; close some, or give the daemon a larger heap (-Xmx)");
        }
        if (!own && mine > OTHERS) {
            giveBack(user);
            throw new ErrnoException(
                    Errno.ENFILE,
                    "open files of user " + Integer.toUnsignedString(user) + ": limit=" + OTHERS + "; close some");
        }
    }

    private int count(int user) {
        int[] counter = counts.compute(user, (key, present) -> {
            int[] count = present == null ? new int[1] : present;
            count[0]++;
            return count;
        });
        return counter[0];
    }

    /// One less. Without memory for it nothing is changed, so that it can be tried again.
    ///
    /// @param user who had opened it
    public void giveBack(int user) {
        counts.computeIfPresent(user, (key, count) -> --count[0] == 0 ? null : count);
        total.decrementAndGet();
    }
}
