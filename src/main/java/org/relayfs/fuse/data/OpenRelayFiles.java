package org.relayfs.fuse.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The open descriptors of one relay file, each under the handle that the kernel has for it. Any thread may call.
final class OpenRelayFiles {
    private final Map<Long, OpenRelayFile> byHandle = new ConcurrentHashMap<>();

    void add(long handle, OpenRelayFile open) {
        byHandle.put(handle, open);
    }

    /// {@return the descriptor}
    ///
    /// @param handle of a request
    /// @throws ErrnoException EBADF
    OpenRelayFile get(long handle) throws ErrnoException {
        OpenRelayFile open = find(handle);
        if (open == null) {
            throw new ErrnoException(Errno.EBADF, "no open file has the handle " + handle);
        }
        return open;
    }

    /// {@return the descriptor, or null}
    ///
    /// @param handle of a request
    OpenRelayFile find(long handle) {
        return byHandle.get(handle);
    }

    void remove(long handle) {
        byHandle.remove(handle);
    }

    boolean isEmpty() {
        return byHandle.isEmpty();
    }
}
