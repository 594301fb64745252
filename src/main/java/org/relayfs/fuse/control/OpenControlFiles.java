package org.relayfs.fuse.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.OpenControlFile;
import org.relayfs.tree.access.OpenFileLimit;

/// The control files that are open, by the handle that the kernel has for each. Any thread may call.
final class OpenControlFiles {
    /// Each holds its content: clients that open files and never close them must not use up all memory.
    private static final int LIMIT = 4096;

    private final OpenFileLimit limit;
    private final Map<Long, Opened> files = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();

    private static final class Opened {
        final OpenControlFile file;
        final int user;
        boolean closed;

        Opened(OpenControlFile file, int user) {
            this.file = file;
            this.user = user;
        }

        /// May be begun again when it fails.
        synchronized void close(OpenFileLimit limit) {
            if (!closed) {
                limit.giveBack(user);
                closed = true;
                file.release();
            }
        }
    }

    /// @param limit of the mount
    OpenControlFiles(OpenFileLimit limit) {
        this.limit = limit;
    }

    /// @throws ErrnoException ENFILE
    void requireRoom() throws ErrnoException {
        if (files.size() >= LIMIT) {
            throw new ErrnoException(
                    Errno.ENFILE, "control files: open=" + files.size() + ", limit=" + LIMIT + "; close some");
        }
    }

    /// @param file an open file
    /// @param user who opens it
    /// @return its handle, which is never used again
    /// @throws ErrnoException ENFILE: the user has too many open
    long add(OpenControlFile file, int user) throws ErrnoException {
        limit.take(user);
        long handle = handles.incrementAndGet();
        files.put(handle, new Opened(file, user));
        return handle;
    }

    /// @param handle of a request
    /// @return the file
    /// @throws ErrnoException EBADF
    OpenControlFile get(long handle) throws ErrnoException {
        OpenControlFile file = find(handle);
        if (file == null) {
            throw new ErrnoException(Errno.EBADF, "no open file has the handle " + handle);
        }
        return file;
    }

    /// @param handle of a request
    /// @return the file, or null
    OpenControlFile find(long handle) {
        Opened opened = files.get(handle);
        return opened == null ? null : opened.file;
    }

    /// May be begun again when it fails anywhere.
    void release(long handle) {
        Opened opened = files.get(handle);
        if (opened != null) {
            opened.close(limit);
            files.remove(handle);
        }
    }

    void releaseAll() {
        files.keySet().forEach(this::release);
    }
}
