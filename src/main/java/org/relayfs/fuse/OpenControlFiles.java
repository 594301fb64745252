package org.relayfs.fuse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.tree.Errno;
import org.relayfs.tree.ErrnoException;
import org.relayfs.tree.OpenControlFile;

/// The control files that are open, by the handle that the kernel has for each. Any thread may call.
final class OpenControlFiles {
    /// Each holds what it shows: a client that opens and never closes must not have all memory.
    private static final int LIMIT = 4096;

    private final Map<Long, OpenControlFile> files = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();

    /// @throws ErrnoException ENFILE
    void requireRoom() throws ErrnoException {
        if (files.size() >= LIMIT) {
            throw new ErrnoException(Errno.ENFILE, "control files: open=" + files.size() + ", limit=" + LIMIT);
        }
    }

    /// @param file an open file
    /// @return its handle, which is never used again
    long add(OpenControlFile file) {
        long handle = handles.incrementAndGet();
        files.put(handle, file);
        return handle;
    }

    /// @param handle of a request
    /// @return the file
    /// @throws ErrnoException EBADF
    OpenControlFile get(long handle) throws ErrnoException {
        OpenControlFile file = files.get(handle);
        if (file == null) {
            throw new ErrnoException(Errno.EBADF, "no open file has the handle " + handle);
        }
        return file;
    }

    void release(long handle) {
        OpenControlFile file = files.remove(handle);
        if (file != null) {
            file.release();
        }
    }

    void releaseAll() {
        files.keySet().forEach(this::release);
    }
}
