package org.relayfs.tool.client;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.MemoryCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// A relay file as its clients open it: for reading, with `O_NONBLOCK`, which NIO does not offer, so that a
/// channel whose reads wait for data does not block a client that only wants what is there. Not thread-safe.
public final class ClientFile implements Closeable {
    private static final int CLOSED = -1;

    private final Path path;
    private int descriptor;

    private ClientFile(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /// Opens one.
    ///
    /// @param path of a relay file
    /// @return the open file
    /// @throws NoSuchFileException there is none
    /// @throws AccessDeniedException this user may not read it
    /// @throws IOException it cannot be opened
    public static ClientFile open(Path path) throws IOException {
        int descriptor = FileCalls.open(path, OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC, 0);
        if (Errno.ENOENT.is(descriptor)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Errno.EACCES.is(descriptor)) {
            throw new AccessDeniedException(path.toString());
        }
        SystemCallException.check(descriptor, "open", path);
        return new ClientFile(path, descriptor);
    }

    /// What was opened.
    ///
    /// @return its path
    public Path path() {
        return path;
    }

    /// Reads the next bytes.
    ///
    /// @param target takes as many as there are, up to its size
    /// @return how many; 0: there is nothing now
    /// @throws IOException the mount is gone, or will not
    public int read(MemorySegment target) throws IOException {
        long count = FileCalls.read(descriptor(), target, target.byteSize());
        if (Errno.EAGAIN.is(count) || Errno.EINTR.is(count)) {
            return 0;
        }
        return (int) SystemCallException.check(count, "read", path);
    }

    /// Maps it, read-only.
    ///
    /// @param length bytes from the start on
    /// @return the mapping, which outlives this object
    /// @throws IOException it cannot be mapped
    public MemorySegment map(long length) throws IOException {
        return MemoryCalls.mapWhileReachable(descriptor(), length, MemoryCalls.PRIVATE_READ_ONLY, path, () -> {});
    }

    int descriptor() {
        if (descriptor == CLOSED) {
            throw new IllegalStateException("relay file: " + path + " is closed");
        }
        return descriptor;
    }

    /// Idempotent.
    @Override
    public void close() {
        if (descriptor != CLOSED) {
            FileCalls.close(descriptor);
            descriptor = CLOSED;
        }
    }
}
