package org.relayfs.tree;

import java.lang.foreign.MemorySegment;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;
import org.relayfs.tree.access.Permission;

/// The file of one buffer in one life of its channel. When a channel is destroyed and created again under the same
/// name, the new file is another object with another inode, and the old one goes on answering for the old buffer.
public final class RelayFile implements Node {
    private final String path;
    private final NodeStatus status;
    private final ChannelLife life;
    private final RingBuffer buffer;
    private final ErrorLog errorLog;

    RelayFile(String path, NodeStatus status, ChannelLife life, RingBuffer buffer, ErrorLog errorLog) {
        this.errorLog = errorLog;
        this.path = path;
        this.status = status;
        this.life = life;
        this.buffer = buffer;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Attributes attributes() {
        long size = life.behaviour().sizeReporting().of(buffer);
        return status.attributes(life.isEnded() ? 0 : 1, size);
    }

    /// Its buffer.
    ///
    /// @return the buffer that its data come from
    public RingBuffer buffer() {
        return buffer;
    }

    /// Whether its name is gone.
    ///
    /// @return true once its name is gone from the tree (`st_nlink` is then 0)
    public boolean isRemoved() {
        return life.isEnded();
    }

    /// Whether reads wait.
    ///
    /// @return true when a read of an empty buffer waits, false when it returns 0 (the channel's `blocking` file)
    public boolean isBlocking() {
        return life.behaviour().isBlocking();
    }

    /// `open(2)`: checks whether a caller may open the file so.
    ///
    /// @param flags  of the system call (Linux numbers)
    /// @param caller who opens it
    /// @throws ErrnoException EACCES
    public void checkOpen(int flags, Caller caller) throws ErrnoException {
        Permission.require(status.attributes(), Permission.ofOpen(flags), caller, path);
    }

    /// `write(2)`: logs one record in the file's own buffer.
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @param limit  the longest write that is certain to arrive in one piece
    /// @param caller who writes
    /// @throws ErrnoException EMSGSIZE, EAGAIN, ESHUTDOWN: it stands in `error_log`
    public void write(MemorySegment source, long offset, int length, int limit, Caller caller) throws ErrnoException {
        errorLog.watching(path, (record, writer) -> {
                    WriteRefusal.requireOnePiece(length, limit);
                    buffer.settle();
                    int result = buffer.write(source, offset, length);
                    if (result < 0) {
                        throw WriteRefusal.of(life.channel(), length, result);
                    }
                })
                .write(source.asSlice(offset, length).asByteBuffer(), caller);
    }

    /// A new size is the new `st_size`: the next closed sub-buffer adds to it, no data are touched.
    @Override
    public void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        if (change.size() != null && change.size() < 0) {
            throw new ErrnoException(
                    Errno.EINVAL, "size of " + path + ": value=" + change.size() + ", limit=0 or more");
        }
        status.change(change, caller, path);
        if (change.size() != null) {
            buffer.setFileSize(change.size());
        }
    }
}
