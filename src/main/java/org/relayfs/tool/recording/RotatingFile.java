package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file of records that is replaced by a new one when it is large enough.
final class RotatingFile implements RecordedFile {
    private final Rotation rotation;
    private final long maxSize;
    private FileChannel channel;
    private long size;

    // Written by the one thread that writes the file.
    private volatile long written;
    private volatile long unwritten;

    RotatingFile(Path path, long maxSize, int maxCount) throws IOException {
        this.rotation = new Rotation(path, maxCount);
        this.maxSize = maxSize;
        this.channel = rotation.first();
    }

    @Override
    public long room(long wanted) throws IOException {
        long free = RecordedFile.freeFor(path());
        if (free == 0) {
            throw RecordedFile.full(path());
        }
        long inFile = size < maxSize ? maxSize - size : maxSize;
        return Math.min(wanted, Math.min(free, inFile));
    }

    /// A piece is in one file as a whole.
    @Override
    public void write(ByteBuffer piece) throws IOException {
        if (size > 0 && size + piece.remaining() > maxSize) {
            channel.close();
            channel = rotation.next();
            size = 0;
        }
        try {
            while (piece.hasRemaining()) {
                int count = channel.write(piece);
                size += count;
                written += count;
            }
        } catch (IOException e) {
            throw new IOException(path() + ": " + e.getMessage(), e);
        } finally {
            unwritten += piece.remaining();
        }
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public long unwritten() {
        return unwritten;
    }

    @Override
    public Path path() {
        return rotation.path();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
