package org.relayfs.tool.client;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.relayfs.linux.ClientCalls;
import org.relayfs.linux.Libc;

/// A relay file as its clients open it: for reading, with `O_NONBLOCK`, which NIO cannot, so that a channel whose reads
/// wait for data cannot keep one who only wants what is there. Not thread-safe.
public final class ClientFile implements Closeable {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
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
        int descriptor = ClientCalls.open(path.toString(), ClientCalls.O_NONBLOCK | Libc.O_CLOEXEC);
        return switch (-descriptor) {
            case ENOENT -> throw new NoSuchFileException(path.toString());
            case EACCES -> throw new AccessDeniedException(path.toString());
            default -> {
                if (descriptor < 0) {
                    throw failure("open", path, descriptor);
                }
                yield new ClientFile(path, descriptor);
            }
        };
    }

    /// What was opened.
    ///
    /// @return its path
    public Path path() {
        return path;
    }

    /// Takes the next bytes out.
    ///
    /// @param target takes as many as there are, up to its size
    /// @return how many; 0: there is nothing now
    /// @throws IOException the mount is gone, or will not
    public int read(MemorySegment target) throws IOException {
        int count = ClientCalls.read(descriptor(), target);
        if (count == -ClientCalls.EAGAIN || count == -ClientCalls.EINTR) {
            return 0;
        }
        if (count < 0) {
            throw failure("read", path, count);
        }
        return count;
    }

    /// Maps it, read-only.
    ///
    /// @param length bytes from the start on
    /// @return the mapping, which outlives this object
    /// @throws IOException it cannot be mapped
    public MemorySegment map(long length) throws IOException {
        try {
            return ClientCalls.map(descriptor(), length);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
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
            ClientCalls.close(descriptor);
            descriptor = CLOSED;
        }
    }

    private static IOException failure(String call, Path path, int result) {
        return new IOException(call + ": " + path + ": " + Libc.errorText(-result));
    }
}
