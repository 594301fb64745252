package org.relayfs.tree;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.access.NodeStatus;

/// One open descriptor of a control file. It keeps the content that was made for the last read at offset 0, so that a
/// file read in small pieces is all of one moment. Thread-safe.
public final class OpenControlFile {
    private static final SoftReference<byte[]> NONE = new SoftReference<>(null);

    private final String path;
    private final ErrorLog errorLog;
    private final NodeStatus status;
    private final ControlContent content;
    private final ControlAction action;

    /// Softly: a client that reads a little and waits must not be able to fill the memory. What was given up is made
    /// afresh.
    private volatile SoftReference<byte[]> snapshot = NONE;

    /// @param path     of the file
    /// @param status   of the file
    /// @param content  what is read, or null when it was not opened for reading
    /// @param action   what a write does, or null when it was not opened for writing
    /// @param errorLog for a write that does not come to the action
    OpenControlFile(String path, NodeStatus status, ControlContent content, ControlAction action, ErrorLog errorLog) {
        this.path = path;
        this.errorLog = errorLog;
        this.status = status;
        this.content = content;
        this.action = action;
    }

    /// Copies content from `offset` into `target`; content is made afresh when `offset` is 0.
    ///
    /// @param target where the bytes go
    /// @param offset file position
    /// @return bytes copied, 0 at the end
    /// @throws ErrnoException EBADF, EIO, ...
    public int read(ByteBuffer target, long offset) throws ErrnoException {
        if (content == null) {
            throw new ErrnoException(Errno.EBADF, "not open for reading");
        }
        if (offset < 0) {
            throw new ErrnoException(Errno.EINVAL, "offset: value=" + offset + ", limit=0 or more");
        }
        byte[] bytes = snapshot.get();
        if (offset == 0 || bytes == null) {
            bytes = content.make();
            snapshot = new SoftReference<>(bytes);
            status.accessed();
        }
        if (offset >= bytes.length) {
            return 0;
        }
        int count = Math.min(target.remaining(), bytes.length - (int) offset);
        target.put(bytes, (int) offset, count);
        return count;
    }

    /// Carries out the command that one `write(2)` brings.
    ///
    /// @param source the bytes
    /// @param limit  the longest write that is certain to arrive in one piece
    /// @param caller who writes
    /// @return bytes taken: all of them
    /// @throws ErrnoException the command was refused; it stands in `error_log`, and nothing was changed by it
    public int write(ByteBuffer source, int limit, Caller caller) throws ErrnoException {
        if (action == null) {
            throw new ErrnoException(Errno.EBADF, "not open for writing");
        }
        int count = source.remaining();
        ByteBuffer bytes = source.duplicate();
        if (count > limit) {
            errorLog.watching(path, (all, who) -> WriteRefusal.requireOnePiece(count, limit))
                    .write(bytes, caller);
        }
        action.write(bytes, caller);
        source.position(source.limit());
        status.modified();
        return count;
    }

    /// The last reference is gone. Never throws.
    public void release() {
        snapshot = NONE;
    }
}
