package org.relayfs.tree;

import org.relayfs.ring.RingBuffer;

/// The file of one per-CPU buffer. Its object is one life of that buffer: when a channel is destroyed and made again
/// under the same name, the new file is another object with another inode, and the old one goes on answering for the
/// old buffer.
public non-sealed interface RelayFile extends Node {
    /// Its buffer.
    ///
    /// @return the buffer that its data come from
    RingBuffer buffer();

    /// Whether its name is gone.
    ///
    /// @return true once its name is gone from the tree (`st_nlink` is then 0)
    boolean isRemoved();

    /// Whether reads wait.
    ///
    /// @return true when a read of an empty buffer waits, false when it returns 0 (the channel's `blocking` file)
    boolean isBlocking();

    /// Checks what the kernel leaves to the file system when it mounts without `default_permissions`: whether `caller`
    /// may open the file so. Search permission on the directories above is part of it.
    ///
    /// @param flags  the open flags of the system call (Linux numbers)
    /// @param caller who opens it
    /// @throws ErrnoException EACCES
    void checkOpen(int flags, Caller caller) throws ErrnoException;

    /// Changes attributes. A new size is the new `st_size`: the next closed sub-buffer adds to it, no data are touched.
    ///
    /// @param change what to change
    /// @param caller who asks
    /// @throws ErrnoException EPERM, EACCES, EINVAL
    void setAttributes(AttributeChange change, Caller caller) throws ErrnoException;
}
