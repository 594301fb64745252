package org.relayfs.tree;

import org.relayfs.linux.Errno;
/// The checks that the kernel makes only when a file system is mounted with `default_permissions`.

final class Permission {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int SEARCH = 1;

    private static final int O_ACCMODE = 03;
    private static final int O_WRONLY = 01;
    private static final int O_TRUNC = 01000;

    private Permission() {}

    /// @return what a file opened with these flags must permit
    static int ofOpen(int flags) {
        int access = flags & O_ACCMODE;
        int wanted = access == 0 ? READ : access == O_WRONLY ? WRITE : READ | WRITE;
        return (flags & O_TRUNC) == 0 ? wanted : wanted | WRITE;
    }

    static boolean allows(Attributes node, int wanted, Caller caller) {
        if (caller.uid() == 0) {
            return true;
        }
        if (caller.uid() == node.uid()) {
            return (node.mode() >> 6 & wanted) == wanted;
        }
        boolean group = (node.mode() >> 3 & wanted) == wanted;
        boolean others = (node.mode() & wanted) == wanted;
        return group == others ? group : CallerThread.isMember(caller, node.gid()) ? group : others;
    }

    static void require(Attributes node, int wanted, Caller caller, String path) throws ErrnoException {
        if (!allows(node, wanted, caller)) {
            throw new ErrnoException(
                    Errno.EACCES,
                    "permission of " + path + ": mode=" + Integer.toOctalString(node.mode() & 07777) + ", owner="
                            + Integer.toUnsignedString(node.uid()) + ", caller="
                            + Integer.toUnsignedString(caller.uid()) + "; ask the owner, or chmod it");
        }
    }

    /// Checks `chmod`, `chown`, `utimens` and `truncate` as Linux does for a file system without capabilities but
    /// root's: the owner may do all but give the file away.
    static void requireChange(Attributes node, AttributeChange change, Caller caller, String path)
            throws ErrnoException {
        if (caller.uid() == 0) {
            return;
        }
        boolean owner = caller.uid() == node.uid();
        boolean times = change.atimeNs() != null || change.mtimeNs() != null;
        if (givesAway(node, change, caller)
                || (change.mode() != null && !owner)
                || (times && !owner && !allows(node, WRITE, caller))) {
            throw new ErrnoException(
                    Errno.EPERM,
                    "attributes of " + path + ": owner=" + Integer.toUnsignedString(node.uid()) + ", caller="
                            + Integer.toUnsignedString(caller.uid()) + "; only the owner may do this");
        }
        if (change.size() != null) {
            require(node, WRITE, caller, path);
        }
    }

    private static boolean givesAway(Attributes node, AttributeChange change, Caller caller) {
        boolean owner = caller.uid() == node.uid();
        boolean uid = change.uid() != null && (!owner || change.uid() != node.uid());
        boolean gid = change.gid() != null
                && (!owner || (change.gid() != node.gid() && !CallerThread.isMember(caller, change.gid())));
        return uid || gid;
    }
}
