package org.relayfs.tool.shipping;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The place of a mount's only shipper. The kernel gives it back when the process ends, however it ends. It is a lock
/// on a file that nothing else of this process opens: to close any descriptor of it would give the lock back.
record MountLock(FileChannel file) implements Closeable {
    private static final String NAME = "error_log";

    /// @param mount its root
    /// @return empty when another one has it
    static Optional<MountLock> tryHold(Path mount) throws IOException {
        FileChannel file = FileChannel.open(mount.resolve(NAME), StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
            return lock == null ? Optional.empty() : Optional.of(new MountLock(file));
        } finally {
            if (lock == null) {
                file.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
