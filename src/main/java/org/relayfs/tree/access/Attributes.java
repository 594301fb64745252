package org.relayfs.tree.access;

/// The attributes of a node as `stat` shows them. Times are nanoseconds since the epoch.
///
/// @param inode  number, unique among all nodes that the tree has ever had
/// @param mode   type and permission bits, as `st_mode`
/// @param links  `st_nlink`
/// @param uid    owner
/// @param gid    group
/// @param size   `st_size` in bytes
/// @param atimeNs last access
/// @param mtimeNs last change of the content
/// @param ctimeNs last change of the attributes
public record Attributes(
        long inode, int mode, int links, int uid, int gid, long size, long atimeNs, long mtimeNs, long ctimeNs) {
    /// `S_IFDIR`.
    public static final int DIRECTORY = 0040000;

    /// `S_IFREG`.
    public static final int REGULAR = 0100000;

    /// Set-ID bits, sticky bit and those of owner, group and others.
    static final int PERMISSION_BITS = 07777;

    static final int SET_IDS = 06000;

    private static final int TYPE_MASK = 0170000;

    /// What `chmod` sets.
    ///
    /// @return the permission bits of the mode
    public int permissions() {
        return mode & PERMISSION_BITS;
    }

    /// Whether there are bits to be cleared when the file is truncated or gets another owner.
    ///
    /// @return true with a set-user-ID or set-group-ID bit
    public boolean hasSetIds() {
        return (mode & SET_IDS) != 0;
    }

    boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }
}
