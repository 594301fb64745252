package org.relayfs.tree;

/// What `chmod`, `chown`, `utimens` and `truncate` change. A null leaves an attribute as it is.
///
/// @param mode    permission bits
/// @param uid     owner
/// @param gid     group
/// @param size    new length in bytes
/// @param atimeNs last access, nanoseconds since the epoch
/// @param mtimeNs last change, nanoseconds since the epoch
public record AttributeChange(Integer mode, Integer uid, Integer gid, Long size, Long atimeNs, Long mtimeNs) {
    /// `chmod`.
    ///
    /// @param mode permission bits
    /// @return the change
    public static AttributeChange ofMode(int mode) {
        return new AttributeChange(mode, null, null, null, null, null);
    }

    /// `chown`.
    ///
    /// @param uid owner, or null
    /// @param gid group, or null
    /// @return the change
    public static AttributeChange ofOwner(Integer uid, Integer gid) {
        return new AttributeChange(null, uid, gid, null, null, null);
    }

    /// `truncate`.
    ///
    /// @param size new length in bytes
    /// @return the change
    public static AttributeChange ofSize(long size) {
        return new AttributeChange(null, null, null, size, null, null);
    }

    /// `utimens`.
    ///
    /// @param atimeNs last access in nanoseconds since the epoch, or null
    /// @param mtimeNs last change in nanoseconds since the epoch, or null
    /// @return the change
    public static AttributeChange ofTimes(Long atimeNs, Long mtimeNs) {
        return new AttributeChange(null, null, null, null, atimeNs, mtimeNs);
    }
}
