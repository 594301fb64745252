package org.relayfs.tree;

import java.time.Instant;

/// What one node remembers of itself: inode, mode, owner and times. Thread-safe.
final class NodeStatus {
    private static final int PERMISSION_BITS = 07777;

    /// Written under this object's monitor, so that no two changes lose each other; read without.
    private volatile Attributes attributes;

    NodeStatus(long inode, int mode, int uid, int gid) {
        long now = nowNs();
        this.attributes = new Attributes(inode, mode, 1, uid, gid, 0, now, now, now);
    }

    Attributes attributes() {
        return attributes;
    }

    Attributes attributes(int links, long size) {
        Attributes a = attributes;
        return new Attributes(
                a.inode(), a.mode(), links, a.uid(), a.gid(), size, a.atimeNs(), a.mtimeNs(), a.ctimeNs());
    }

    synchronized void accessed() {
        Attributes a = attributes;
        attributes = new Attributes(
                a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.size(), nowNs(), a.mtimeNs(), a.ctimeNs());
    }

    synchronized void modified() {
        Attributes a = attributes;
        long now = nowNs();
        attributes = new Attributes(a.inode(), a.mode(), a.links(), a.uid(), a.gid(), a.size(), a.atimeNs(), now, now);
    }

    /// Carries out `chmod`, `chown` and `utimens`; whose right it is must have been checked. A new size is not its
    /// business.
    synchronized void change(AttributeChange change) {
        Attributes a = attributes;
        int mode = change.mode() == null ? a.mode() : (a.mode() & ~PERMISSION_BITS) | (change.mode() & PERMISSION_BITS);
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
