package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.relayfs.tool.client.ChannelFolder;

/// P and C of one buffer, from the two files beside it. They still answer after the channel is destroyed.
final class BufferPositions implements Closeable {
    private final FileChannel produced;
    private final FileChannel consumed;
    private final ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());

    private BufferPositions(FileChannel produced, FileChannel consumed) {
        this.produced = produced;
        this.consumed = consumed;
    }

    /// For looking at.
    ///
    /// @return nothing when this user may not, and when there are none: those of a plain directory
    static Optional<BufferPositions> look(Path relayFile) throws IOException {
        try {
            return Optional.of(open(relayFile, Set.of(StandardOpenOption.READ)));
        } catch (AccessDeniedException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// For consuming.
    static BufferPositions consume(Path relayFile) throws IOException {
        return open(relayFile, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static BufferPositions open(Path relayFile, Set<StandardOpenOption> options) throws IOException {
        FileChannel produced =
                FileChannel.open(ChannelFolder.beside(relayFile, ChannelFolder.PRODUCED), StandardOpenOption.READ);
        try {
            return new BufferPositions(
                    produced, FileChannel.open(ChannelFolder.beside(relayFile, ChannelFolder.CONSUMED), options));
        } catch (IOException e) {
            produced.close();
            throw e;
        }
    }

    long produced() throws IOException {
        return read(produced);
    }

    long consumed() throws IOException {
        return read(consumed);
    }

    private long read(FileChannel file) throws IOException {
        word.clear();
        if (file.read(word, 0) != Long.BYTES) {
            throw new IOException("a counter of a relay file is truncated");
        }
        return word.getLong(0);
    }

    void addConsumed(long count) throws IOException {
        word.clear();
        word.putLong(0, count);
        consumed.write(word, 0);
    }

    @Override
    public void close() throws IOException {
        produced.close();
        consumed.close();
    }
}
