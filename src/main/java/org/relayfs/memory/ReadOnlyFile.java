package org.relayfs.memory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// A file of shared memory that is read by copying: nothing in it is changed, and one that somebody makes shorter ends
/// early instead of causing a fault. Not thread-safe.
public final class ReadOnlyFile implements Closeable {
    private final Path path;
    private final FileChannel channel;

    private ReadOnlyFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Opens a file that may be anybody's: nothing but a regular file is opened, and no link is followed.
    ///
    /// @param path where
    /// @return the file
    /// @throws IOException it is missing, something else or not ours to read
    public static ReadOnlyFile open(Path path) throws IOException {
        // A pipe without a writer would keep a blocking open waiting.
        int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
        int descriptor = (int) SystemCallException.check(FileCalls.open(path, flags, 0), "open", path);
        try {
            Path opened = Path.of("/proc/self/fd/" + descriptor);
            if (!Files.isRegularFile(opened)) {
                throw new IOException(path + ": not a regular file");
            }
            return new ReadOnlyFile(path, FileChannel.open(opened, StandardOpenOption.READ));
        } finally {
            FileCalls.close(descriptor);
        }
    }

    /// {@return where it is}
    public Path path() {
        return path;
    }

    /// Measures it.
    ///
    /// @return its bytes now
    /// @throws IOException it cannot be looked at
    public long size() throws IOException {
        return channel.size();
    }

    /// Fills a buffer.
    ///
    /// @param target what is left of it is filled
    /// @param offset of the first byte
    /// @return false when the file ends before
    /// @throws IOException it cannot be read
    public boolean read(ByteBuffer target, long offset) throws IOException {
        long from = offset - target.position();
        while (target.hasRemaining()) {
            if (channel.read(target, from + target.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
