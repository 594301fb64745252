package org.relayfs.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.LockCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// The lock on a file of shared memory while one of its processes changes it: byte 0, a lock of an open file, so the
/// kernel drops it when the process ends. For one thread.
public final class MomentaryLock implements AutoCloseable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final int descriptor;

    private MomentaryLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Waits for the lock.
    ///
    /// @param file that is there
    /// @return the lock
    /// @throws IOException the file is gone, cannot be locked, or somebody keeps the lock for 10 s
    public static MomentaryLock take(Path file) throws IOException {
        int flags = OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
        int descriptor = (int) SystemCallException.check(FileCalls.open(file, flags, 0), "open", file);
        long deadline = System.nanoTime() + PATIENCE_NS;
        int result = LockCalls.tryLock(descriptor, 0);
        while ((Errno.EAGAIN.is(result) || Errno.EACCES.is(result)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE_NS);
            result = LockCalls.tryLock(descriptor, 0);
        }
        if (result < 0) {
            FileCalls.close(descriptor);
            SystemCallException.check(result, "fcntl(F_OFD_SETLK)", file);
        }
        return new MomentaryLock(descriptor);
    }

    /// Gives it back.
    @Override
    public void close() {
        FileCalls.close(descriptor);
    }
}
