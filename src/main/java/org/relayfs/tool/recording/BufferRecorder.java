package org.relayfs.tool.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.relayfs.tool.client.ChannelRow;
import org.relayfs.tool.client.ClientFile;
import org.relayfs.tool.client.WaitSet;

/// Records one buffer, in a thread of its own. Its figures may be read by any thread.
final class BufferRecorder implements Closeable {
    /// How often it reads without having been woken: records in the sub-buffer being written wait no longer than
    /// this.
    private static final int LOOK_MS = 1000;

    /// How many there can be that a resize has replaced and that were not read yet.
    private static final int MAX_BUFFERS = 8;

    private final ChannelRow row;
    private final ClientFile file;
    private final String name;
    private final BufferPositions positions;
    private final boolean mapped;
    private final boolean hasEvents;
    private final WaitSet waits;
    private RecordedFile output;
    private Thread thread;

    // Written by its thread only.
    private volatile long subBuffers;
    private volatile long backlog;
    private volatile long largestBacklog;
    private volatile boolean ended;
    private volatile Exception failure;

    private volatile boolean stopping;
    private long consumed;

    private BufferRecorder(
            ChannelRow row,
            ClientFile file,
            String name,
            BufferPositions positions,
            boolean mapped,
            boolean hasEvents,
            WaitSet waits)
            throws IOException {
        this.row = row;
        this.file = file;
        this.name = name;
        this.positions = positions;
        this.mapped = mapped;
        this.hasEvents = hasEvents;
        this.waits = waits;
        this.consumed = positions == null ? 0 : positions.consumed();
        waits.setFiles(List.of(file));
    }

    /// Opens what it needs of the mount.
    ///
    /// @param path      of the relay file
    /// @param name      of what it is recorded to
    /// @param mapped    true: record from the mapping
    /// @param hasEvents true: its records are events
    static BufferRecorder open(ChannelRow row, Path path, String name, boolean mapped, boolean hasEvents)
            throws IOException {
        ClientFile file = ClientFile.open(path);
        try {
            BufferPositions positions = mapped
                    ? BufferPositions.consume(path)
                    : BufferPositions.look(path).orElse(null);
            return new BufferRecorder(row, file, name, positions, mapped, hasEvents, new WaitSet());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// Says where to; closed at the end.
    void writeTo(RecordedFile file) {
        output = file;
    }

    /// Begins to record.
    ///
    /// @param chunkSize bytes to read at once
    void start(int chunkSize) {
        thread = Thread.ofPlatform().daemon().name("relayfs-record-" + name()).start(() -> run(chunkSize));
    }

    private void run(int chunkSize) {
        try (this;
                BufferDrain drain = drain(chunkSize)) {
            while (!stopping && !ended) {
                waits.await(LOOK_MS);
                look();
                boolean last = waits.hasEnded(0);
                long moved = last ? drain.drainRest() : drain.drain();
                ended = last && moved == 0;
            }
            if (!ended) {
                look();
                drainAll(drain);
            }
            look();
            if (ended && mapped && waits.isReplaced(0)) {
                throw new IOException(file.path() + ": its channel was resized, and the mapping has come to its end;"
                        + " record again, or without --mmap");
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /// After a resize, a read ends where the old buffer does, also when that holds nothing any more.
    private static void drainAll(BufferDrain drain) throws IOException {
        for (int i = 0; i <= MAX_BUFFERS; i++) {
            drain.drain();
        }
    }

    private BufferDrain drain(int chunkSize) throws IOException {
        BufferDrain reading = new ReadingDrain(file, output, Math.max(row.bufferSize(), chunkSize), chunkSize);
        return mapped ? new MappedDrain(row, hasEvents, file, positions, output, reading) : reading;
    }

    private void look() throws IOException {
        if (positions == null) {
            return;
        }
        long position = positions.consumed();
        // A reset begins again at 0.
        subBuffers += position >= consumed ? position - consumed : position;
        consumed = position;
        backlog = Math.max(0, positions.produced() - position);
        largestBacklog = Math.max(largestBacklog, backlog);
    }

    /// Done at the end of the recording.
    @Override
    public void close() throws IOException {
        if (output != null) {
            output.close();
        }
        file.close();
        waits.close();
        if (positions != null) {
            positions.close();
        }
    }

    /// Makes it record what is there, and end.
    void stop() {
        stopping = true;
        waits.wake();
    }

    void join(long timeoutMs) throws InterruptedException {
        thread.join(timeoutMs);
        if (thread.isAlive() && failure == null) {
            failure = new IOException(file.path() + ": no answer in " + timeoutMs + " ms");
        }
    }

    String name() {
        return name;
    }

    Path path() {
        return file.path();
    }

    long bytes() {
        return output == null ? 0 : output.written();
    }

    /// What the disk has not taken, if that is so.
    Optional<String> unwritten() {
        return output == null || output.unwritten() == 0
                ? Optional.empty()
                : Optional.of(output.unwritten() + " bytes of " + output.path());
    }

    long subBuffers() {
        return subBuffers;
    }

    long backlog() {
        return backlog;
    }

    long largestBacklog() {
        return largestBacklog;
    }

    /// False when this user may not read P and C.
    boolean knowsPositions() {
        return positions != null;
    }

    /// True when the channel was destroyed, and all of it is recorded.
    boolean hasEnded() {
        return ended;
    }

    Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }
}
