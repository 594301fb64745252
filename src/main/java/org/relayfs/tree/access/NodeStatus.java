package org.relayfs.tree.access;

import java.time.Instant;
import org.relayfs.linux.ErrnoException;

/// The stored attributes of one node: inode, mode, owner and times. Thread-safe.
public final class NodeStatus {
    /// Written under this object's monitor, so that no two changes lose each other; read without.
    private volatile Attributes attributes;

    /// Told of each chmod and chown.
    private volatile Runnable listener = () -> {};

    private volatile boolean changed;

    /// A new node: one link, no size, all times now.
    ///
    /// @param inode number
    /// @param mode  type and permission bits
    /// @param uid   owner
    /// @param gid   group
    public NodeStatus(long inode, int mode, int uid, int gid) {
        long now = nowNs();
        this.attributes = new Attributes(inode, mode, 1, uid, gid, 0, now, now, now);
    }

    /// {@return the attributes of a file with one link and no size}
    public Attributes attributes() {
        return attributes;
    }

    /// {@return the attributes}
    ///
    /// @param links `st_nlink`
    /// @param size  `st_size`
    public Attributes attributes(int links, long size) {
        Attributes a = attributes;
        return new Attributes(
                a.inode(), a.mode(), links, a.uid(), a.gid(), size, a.atimeNs(), a.mtimeNs(), a.ctimeNs());
    }

    /// Its content was read.
    public synchronized void accessed() {
        Attributes a = attributes;
        attributes = new Attributes(
                a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.size(), nowNs(), a.mtimeNs(), a.ctimeNs());
    }

    /// Its content has changed.
    public synchronized void modified() {
        Attributes a = attributes;
        long now = nowNs();
        attributes = new Attributes(a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.size(), a.atimeNs(), now, now);
    }

    /// Sets the permission bits, whoever may do so.
    ///
    /// @param mode permission bits
    public synchronized void setPermissions(int mode) {
        carryOut(AttributeChange.ofMode(mode));
    }

    /// Performs `chmod`, `chown` and `utimens` if the caller may. A new size is set elsewhere.
    ///
    /// @param change what to change
    /// @param caller who asks
    /// @param path   of the node, for the message
    /// @throws ErrnoException EPERM, EACCES: nothing was changed
    public void change(AttributeChange change, Caller caller, String path) throws ErrnoException {
        synchronized (this) {
            carryOut(Permission.checked(attributes, change, caller, path));
        }
        if (change.mode() != null || change.uid() != null || change.gid() != null) {
            changed = true;
            listener.run();
        }
    }

    /// Sets whom to tell of changed permissions and owners.
    ///
    /// @param told what to call, without a lock
    public void whenChanged(Runnable told) {
        listener = told;
    }

    /// {@return true once somebody has changed permissions or owner}
    public boolean isChanged() {
        return changed;
    }

    /// Sets what somebody has changed before another node had its place.
    ///
    /// @param mode permission bits
    /// @param uid  owner
    /// @param gid  group
    public synchronized void restore(int mode, int uid, int gid) {
        carryOut(new AttributeChange(mode, uid, gid, null, null, null, false, false));
        changed = true;
    }

    private void carryOut(AttributeChange change) {
        Attributes a = attributes;
        int mode = change.mode() == null
                ? a.mode()
                : (a.mode() & ~Attributes.PERMISSION_BITS) | (change.mode() & Attributes.PERMISSION_BITS);
        attributes = new Attributes(
                a.inode(),
                mode,
                a.links(),
                orElse(change.uid(), a.uid()),
                orElse(change.gid(), a.gid()),
                a.size(),
                orElse(change.atimeNs(), a.atimeNs()),
                orElse(change.mtimeNs(), a.mtimeNs()),
                nowNs());
    }

    private static int orElse(Integer wanted, int present) {
        return wanted == null ? present : wanted;
    }

    private static long orElse(Long wanted, long present) {
        return wanted == null ? present : wanted;
    }

    private static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
