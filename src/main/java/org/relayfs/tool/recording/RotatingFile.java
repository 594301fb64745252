package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.relayfs.linux.CurrentUser;

/// A file that is replaced by a new one when it is large enough: `cpu0` becomes `cpu0.1`, the next one `cpu0.2`.
/// The stream is `cpu0.1`, `cpu0.2` and so on, with `cpu0` last.
final class RotatingFile implements Closeable {
    private final Path path;
    private final long maxSize;
    private final int maxCount;
    private FileChannel channel;
    private long size;
    private int rotations;

    // Written by the one thread that writes the file.
    private volatile long written;
    private volatile long unwritten;

    RotatingFile(Path path, long maxSize, int maxCount) throws IOException {
        this.path = path.toAbsolutePath();
        this.maxSize = maxSize;
        this.maxCount = maxCount;
        this.channel = create();
    }

    private FileChannel create() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /// Says how much can be written next, so that no more is taken from a buffer than the disk holds.
    ///
    /// @param wanted bytes, more than 0
    /// @return how many of them fit the present file, or a new one if that is full, and the disk
    /// @throws IOException the disk is full
    long room(long wanted) throws IOException {
        // Root may use what is reserved.
        File disk = path.toFile().getParentFile();
        long free = CurrentUser.isRoot() ? disk.getFreeSpace() : disk.getUsableSpace();
        if (free == 0) {
            throw new IOException(path + ": No space left on device");
        }
        long inFile = size < maxSize ? maxSize - size : maxSize;
        return Math.min(wanted, Math.min(free, inFile));
    }

    /// Writes a piece of the stream; a piece is in one file as a whole.
    void write(ByteBuffer piece) throws IOException {
        if (size > 0 && size + piece.remaining() > maxSize) {
            rotate();
        }
        try {
            while (piece.hasRemaining()) {
                int count = channel.write(piece);
                size += count;
                written += count;
            }
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        } finally {
            unwritten += piece.remaining();
        }
    }

    /// Bytes that are in the files.
    long written() {
        return written;
    }

    /// Bytes that were taken from the buffer and could not be written.
    long unwritten() {
        return unwritten;
    }

    Path path() {
        return path;
    }

    private void rotate() throws IOException {
        channel.close();
        rotations++;
        Files.move(path, numbered(rotations), StandardCopyOption.ATOMIC_MOVE);
        if (rotations >= maxCount) {
            Files.deleteIfExists(numbered(rotations - maxCount + 1));
        }
        channel = create();
        size = 0;
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
