package org.relayfs.tree;

import org.relayfs.buffer.ChannelBuffer;

/// The file of one per-CPU buffer. Its object is one life of that buffer: when a channel is destroyed and made again
/// under the same name, the new file is another object with another inode, and the old one goes on answering for the
/// old buffer.
public non-sealed interface RelayFile extends Node {
    /// @return the buffer that its data come from
    ChannelBuffer buffer();

    /// @return true once its name is gone from the tree (`st_nlink` is then 0)
    boolean isRemoved();

    /// @return true when a read of an empty buffer waits, false when it returns 0 (the channel's `blocking` file)
    boolean isBlocking();

    /// Changes the attributes that `chmod`, `chown`, `utimens` and `truncate` change. A null leaves one as it is.
    ///
    /// @param mode    permission bits
    /// @param uid     owner
    /// @param gid     group
    /// @param size    new `st_size` in bytes: the next closed sub-buffer adds to it, no data are touched
    /// @param atimeNs last access, nanoseconds since the epoch
    /// @param mtimeNs last change, nanoseconds since the epoch
    /// @throws ErrnoException EPERM, EROFS, EINVAL
    void setAttributes(Integer mode, Integer uid, Integer gid, Long size, Long atimeNs, Long mtimeNs)
            throws ErrnoException;
}
