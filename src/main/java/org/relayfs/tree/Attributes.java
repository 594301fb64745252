package org.relayfs.tree;

/// What `stat` shows of a node. Times are nanoseconds since the epoch.
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
}
