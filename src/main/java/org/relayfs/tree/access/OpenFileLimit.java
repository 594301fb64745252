package org.relayfs.tree.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The limit on the files of a mount that each user may have open at a time: what an open file keeps is in the
/// daemon's memory, and no user may fill that for the others. Any thread may call.
public final class OpenFileLimit {
    /// For the user who mounts, and for root.
    static final int OWN = 1 << 20;

    /// For each other user whom `allow_other` lets in.
    static final int OTHERS = 1024;

    private final int owner;
    private final ConcurrentMap<Integer, Integer> counts = new ConcurrentHashMap<>();

    /// @param owner the user who mounts
    public OpenFileLimit(int owner) {
        this.owner = owner;
    }

    /// One more.
    ///
    /// @param user who opens
    /// @throws ErrnoException ENFILE: no more before others are closed
    public void take(int user) throws ErrnoException {
        int limit = user == owner || user == 0 ? OWN : OTHERS;
        int count = counts.merge(user, 1, Integer::sum);
        if (count > limit) {
            giveBack(user);
            throw new ErrnoException(
                    Errno.ENFILE,
                    "open files of user " + Integer.toUnsignedString(user) + ": limit=" + limit + "; close some");
        }
    }

    /// One less.
    ///
    /// @param user who had opened it
    public void giveBack(int user) {
        counts.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }
}
