package org.relayfs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A write(2) a record, to a file on a tmpfs that begins again after a while.
public final class FileSubject implements Subject {
    private static final long LIMIT = 64L << 20;

    private Path path;
    private FileChannel file;

    @Override
    public boolean open(Mode mode, int length, int threads) throws IOException {
        path = Files.createTempFile(Path.of("/dev/shm"), "relayfs-bench", null);
        file = FileChannel.open(path, StandardOpenOption.WRITE);
        return mode == Mode.DISCARD;
    }

    @Override
    public Writer newWriter() {
        ByteBuffer record = ByteBuffer.allocateDirect(4096);
        return (source, offset, length) -> {
            record.clear().put(source, offset, length).flip();
            if (file.position() > LIMIT) {
                file.position(0);
            }
            return file.write(record) == length;
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
        Files.delete(path);
    }
}
