package org.relayfs.tree;

import java.lang.foreign.MemorySegment;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.ring.RingBuffer;
import org.relayfs.ring.TextEvents;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;
import org.relayfs.tree.access.Permission;

/// The file of one buffer in one life of its channel. When a channel is destroyed and created again under the same
/// name, the new file is another object with another inode, and the old one goes on answering for the old buffer. So it
/// is when the channel is resized, but then what is read from either of the two is the same stream.
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
        return status.attributes(isRemoved() ? 0 : 1, size);
    }

    NodeStatus status() {
        return status;
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

    /// Whether another file has its name: its channel was resized.
    ///
    /// @return true once there is a file of that name for the buffer that takes the records
    public boolean isReplaced() {
        return life.isReplaced();
    }

    /// Its name.
    ///
    /// @return the last component of its path
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// Whether reads wait.
    ///
    /// @return true when a read of an empty buffer waits, false when it returns 0 (the channel's `blocking` file)
    public boolean isBlocking() {
        return life.behaviour().isBlocking();
    }

    /// Whether room is reported by poll.
    ///
    /// @return true when writers are told whether there is room (the channel's `blocking_writes` file)
    public boolean reportsRoom() {
        return life.behaviour().isBlockingWrites();
    }

    /// Whether writes wait.
    ///
    /// @return true when a write to a full buffer waits, false when it is refused. Nobody can wait for what the
    ///     client of a channel decides, and in overwrite mode there is always room
    public boolean writesWait() {
        ChannelConfig config = life.channel().config();
        return reportsRoom() && config.mode() == ChannelMode.NO_OVERWRITE && config.callbacks() == null;
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
        log(source, offset, length, caller, () -> {
            WriteRefusal.requireOnePiece(length, limit);
            buffer.settle();
            return TextEvents.write(buffer, source, offset, length);
        });
    }

    /// `write(2)` that waits while the buffer is full, see [#writesWait()]. To be called after
    /// [RingBuffer#armRoom()], and again when there may be room.
    ///
    /// @param source from
    /// @param offset of its first byte
    /// @param length bytes
    /// @param limit  the longest write that is certain to arrive in one piece
    /// @param caller who writes
    /// @return false when there is no room: nothing was logged or counted
    /// @throws ErrnoException EMSGSIZE, ESHUTDOWN: it stands in `error_log`
    public boolean writeIfRoom(MemorySegment source, long offset, int length, int limit, Caller caller)
            throws ErrnoException {
        boolean[] full = {false};
        log(source, offset, length, caller, () -> {
            WriteRefusal.requireOnePiece(length, limit);
            buffer.settle();
            int result = TextEvents.writeIfRoom(buffer, source, offset, length);
            full[0] = result == WriteResult.FULL;
            return full[0] ? 0 : result;
        });
        return !full[0];
    }

    @FunctionalInterface
    private interface Attempt {
        int write() throws ErrnoException;
    }

    private void log(MemorySegment source, long offset, int length, Caller caller, Attempt attempt)
            throws ErrnoException {
        errorLog.watching(path, (record, writer) -> {
                    int result = attempt.write();
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
