package org.relayfs.fuse.data;

import java.nio.file.Path;

/// The file behind mappings of one relay file, registered with the kernel when needed. Any thread may call.
final class BackingFile {
    private final Path path;
    private final BackingFiles files;
    /// Its number in the kernel; 0 while it has none. Guarded by this.
    private int id;

    /// @param path  of the buffer's bytes
    /// @param files registers it
    BackingFile(Path path, BackingFiles files) {
        this.path = path;
        this.files = files;
    }

    /// Registers it, unless it is. Where that fails it is tried again with the next open: there may have been no
    /// descriptor left.
    ///
    /// @return the kernel's number of it, or 0
    synchronized int register() {
        if (id == 0) {
            id = files.register(path);
        }
        return id;
    }

    /// Nobody opens the file any more. Mappings of it stay.
    synchronized void release() {
        if (id > 0) {
            files.unregister(id);
        }
        id = 0;
    }
}
