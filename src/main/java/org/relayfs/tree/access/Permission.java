package org.relayfs.tree.access;

import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The permissions of a caller for a node, by its mode and owner: the answers of a kernel file system, with
/// supplementary groups. Root (user 0) may do everything; other users' capabilities are unknown here.
///
/// Directories on the way to a node are not looked at: each is checked when a name in it is looked up, as the kernel
/// does
/// on its own file systems.
public final class Permission {
    /// `R_OK`.
    public static final int READ = 4;

    /// `W_OK`.
    public static final int WRITE = 2;

    /// `X_OK`: execute a file, search a directory.
    public static final int SEARCH = 1;

    private static final int O_ACCMODE = 03;
    private static final int O_WRONLY = 01;
    private static final int O_TRUNC = 01000;
    private static final int ANY_EXECUTE = 0111;
    private static final int STICKY = 01000;
    private static final int SET_GROUP_ID = 02000;

    private Permission() {}

    /// The permissions that `open(2)` needs.
    ///
    /// @param flags of the system call (Linux numbers)
    /// @return [#READ], [#WRITE] or both
    public static int ofOpen(int flags) {
        int access = flags & O_ACCMODE;
        int wanted = access == 0 ? READ : access == O_WRONLY ? WRITE : READ | WRITE;
        return (flags & O_TRUNC) == 0 ? wanted : wanted | WRITE;
    }

    /// Checks the mode of a node.
    ///
    /// @param node   its attributes
    /// @param wanted [#READ], [#WRITE] and [#SEARCH]; 0 asks for nothing
    /// @param caller who wants it
    /// @param path   of the node, for the message
    /// @throws ErrnoException EACCES
    public static void require(Attributes node, int wanted, Caller caller, String path) throws ErrnoException {
        if (!allows(node, wanted, caller)) {
            throw new ErrnoException(
                    Errno.EACCES,
                    "permission of " + path + ": mode=" + Integer.toOctalString(node.permissions()) + ", owner="
                            + Integer.toUnsignedString(node.uid()) + ", caller="
                            + Integer.toUnsignedString(caller.uid()) + "; ask the owner, or chmod it");
        }
    }

    /// Checks that an entry may be taken out of a directory: with the sticky bit only by its owner or the directory's.
    ///
    /// @param directory attributes
    /// @param entry     attributes
    /// @param caller    who wants it
    /// @param path      of the entry, for the message
    /// @throws ErrnoException EACCES, EPERM
    public static void requireRemoval(Attributes directory, Attributes entry, Caller caller, String path)
            throws ErrnoException {
        require(directory, WRITE | SEARCH, caller, path);
        boolean ours = caller.uid() == 0 || caller.uid() == entry.uid() || caller.uid() == directory.uid();
        if (!caller.checkedByKernel() && (directory.mode() & STICKY) != 0 && !ours) {
            throw new ErrnoException(
                    Errno.EPERM,
                    "removal of " + path + ": its directory has the sticky bit; ask the owner of one of them");
        }
    }

    static boolean allows(Attributes node, int wanted, Caller caller) {
        if (caller.checkedByKernel()) {
            return true;
        }
        if (caller.uid() == 0) {
            return (wanted & SEARCH) == 0 || node.isDirectory() || (node.mode() & ANY_EXECUTE) != 0;
        }
        if (caller.uid() == node.uid()) {
            return (node.mode() >> 6 & wanted) == wanted;
        }
        boolean group = (node.mode() >> 3 & wanted) == wanted;
        boolean others = (node.mode() & wanted) == wanted;
        // To ask for the groups of a caller takes time; mostly it makes no difference.
        return group == others ? group : CallerThread.isMember(caller, node.gid()) ? group : others;
    }

    /// Checks `chmod`, `chown`, `utimens` and `truncate`: the owner may do all but give the node away.
    ///
    /// @param node   its attributes
    /// @param change what is asked for
    /// @param caller who asks
    /// @param path   of the node, for the message
    /// @return what is to be carried out: a set-group-ID bit is not for those outside of the group
    /// @throws ErrnoException EPERM for what only the owner may do, EACCES for what those may do who may write
    public static AttributeChange checked(Attributes node, AttributeChange change, Caller caller, String path)
            throws ErrnoException {
        if (caller.checkedByKernel() || caller.uid() == 0) {
            return change;
        }
        boolean owner = caller.uid() == node.uid();
        boolean setsMode = change.mode() != null && !onlyDropsSetIds(node, change);
        boolean setsTimes = change.setsTimes() && !change.touch();
        if (givesAway(node, change, caller) || (!owner && (setsMode || setsTimes))) {
            throw new ErrnoException(
                    Errno.EPERM,
                    "attributes of " + path + ": owner=" + Integer.toUnsignedString(node.uid()) + ", caller="
                            + Integer.toUnsignedString(caller.uid()) + "; only the owner may do this");
        }
        if (change.cutsByPath() || (change.touch() && !owner)) {
            require(node, WRITE, caller, path);
        }
        int gid = change.gid() == null ? node.gid() : change.gid();
        return change.mode() == null || (change.mode() & SET_GROUP_ID) == 0 || CallerThread.isMember(caller, gid)
                ? change
                : change.withMode(change.mode() & ~SET_GROUP_ID);
    }

    /// The kernel clears set-ID bits, in the same request, when a file is truncated or gets another owner.
    private static boolean onlyDropsSetIds(Attributes node, AttributeChange change) {
        boolean byTheWay = change.size() != null || change.uid() != null || change.gid() != null;
        return byTheWay
                && (node.permissions() & ~Attributes.SET_IDS) == (change.mode() & ~Attributes.SET_IDS)
                && (change.mode() & ~node.permissions()) == 0;
    }

    private static boolean givesAway(Attributes node, AttributeChange change, Caller caller) {
        boolean owner = caller.uid() == node.uid();
        boolean uid = change.uid() != null && (!owner || change.uid() != node.uid());
        boolean gid = change.gid() != null
                && (!owner || (change.gid() != node.gid() && !CallerThread.isMember(caller, change.gid())));
        return uid || gid;
    }
}
