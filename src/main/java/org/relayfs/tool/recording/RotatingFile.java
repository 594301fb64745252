package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that is replaced by a new one when it is large enough: `cpu0` becomes `cpu0.1`, the next one `cpu0.2`.
/// The stream is `cpu0.1`, `cpu0.2` and so on, with `cpu0` last.
final class RotatingFile implements Closeable {
    private final Path path;
    private final long maxSize;
    private final int maxCount;
    private FileChannel channel;
    private long size;
    private int rotations;

    RotatingFile(Path path, long maxSize, int maxCount) throws IOException {
        this.path = path;
        this.maxSize = maxSize;
        this.maxCount = maxCount;
        this.channel = create();
    }

    private FileChannel create() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /// Writes a piece of the stream; a piece is in one file as a whole.
    void write(ByteBuffer piece) throws IOException {
        if (size > 0 && size + piece.remaining() > maxSize) {
            rotate();
        }
        size += piece.remaining();
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
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
