package org.relayfs.tree.access;

/// The attributes that `chmod`, `chown`, `utimens` and `truncate` change. A null leaves an attribute as it is.
///
/// @param mode    permission bits
/// @param uid     owner
/// @param gid     group
/// @param size    new length in bytes
/// @param atimeNs last access, nanoseconds since the epoch
/// @param mtimeNs last change, nanoseconds since the epoch
/// @param touch   both times are to be the present one, which is not only for the owner
/// @param opened  the file is open for writing: whoever has it open may truncate it
public record AttributeChange(
        Integer mode, Integer uid, Integer gid, Long size, Long atimeNs, Long mtimeNs, boolean touch, boolean opened) {
    /// `chmod`.
    ///
    /// @param mode permission bits
    /// @return the change
    public static AttributeChange ofMode(int mode) {
        return new AttributeChange(mode, null, null, null, null, null, false, false);
    }

    /// `chown`.
    ///
    /// @param uid owner, or null
    /// @param gid group, or null
    /// @return the change
    public static AttributeChange ofOwner(Integer uid, Integer gid) {
        return new AttributeChange(null, uid, gid, null, null, null, false, false);
    }

    /// `truncate`.
    ///
    /// @param size new length in bytes
    /// @return the change
    public static AttributeChange ofSize(long size) {
        return new AttributeChange(null, null, null, size, null, null, false, false);
    }

    /// `ftruncate`.
    ///
    /// @param size new length in bytes
    /// @return the change
    public static AttributeChange ofOpenedSize(long size) {
        return new AttributeChange(null, null, null, size, null, null, false, true);
    }

    /// `utimens`.
    ///
    /// @param atimeNs last access in nanoseconds since the epoch, or null
    /// @param mtimeNs last change in nanoseconds since the epoch, or null
    /// @param touch   both are the present time, and the caller did not name them
    /// @return the change
    public static AttributeChange ofTimes(Long atimeNs, Long mtimeNs, boolean touch) {
        return new AttributeChange(null, null, null, null, atimeNs, mtimeNs, touch, false);
    }

    AttributeChange withMode(int bits) {
        return new AttributeChange(bits, uid, gid, size, atimeNs, mtimeNs, touch, opened);
    }

    boolean setsTimes() {
        return atimeNs != null || mtimeNs != null;
    }

    boolean cutsByPath() {
        return size != null && !opened;
    }
}
