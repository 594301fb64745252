package org.relayfs.tree;

import org.relayfs.linux.Errno;

/// The permission check of `access(2)`, which the kernel leaves to us without `default_permissions`. Only the
/// caller's own user and group are known to us, not its supplementary groups.
public final class Access {
    public static final int READ = 4;
    private static final int EXECUTE = 1;
    private static final int ANY_EXECUTE = 0111;
    private static final int TYPE_MASK = 0170000;

    private Access() {}

    /// @param attributes of what is to be used
    /// @param caller     who wants to use it
    /// @param mask       `R_OK`, `W_OK`, `X_OK`, or 0 for existence
    /// @throws ErrnoException EACCES
    public static void check(Attributes attributes, Caller caller, int mask) throws ErrnoException {
        int mode = attributes.mode();
        if (caller.uid() == 0) {
            boolean directory = (mode & TYPE_MASK) == Attributes.DIRECTORY;
            require(directory || (mask & EXECUTE) == 0 || (mode & ANY_EXECUTE) != 0, attributes, caller, mask);
        } else {
            int shift = caller.uid() == attributes.uid() ? 6 : caller.gid() == attributes.gid() ? 3 : 0;
            require((mask & ~(mode >> shift) & 7) == 0, attributes, caller, mask);
        }
    }

    private static void require(boolean allowed, Attributes attributes, Caller caller, int mask) throws ErrnoException {
        if (!allowed) {
            throw new ErrnoException(
                    Errno.EACCES,
                    "access " + mask + " by user " + caller.uid() + ": mode=0"
                            + Integer.toOctalString(attributes.mode()));
        }
    }
}
