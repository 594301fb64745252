package org.relayfs.tool.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.relayfs.ring.DeadBuffer;

/// The file that one buffer goes to. A failure names it.
final class RecoveredFile implements DeadBuffer.Target, Closeable {
    private final Path path;
    private final FileChannel channel;
    private long size;

    RecoveredFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                size += channel.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void shorten(long wanted) throws IOException {
        channel.truncate(wanted);
        size = wanted;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
