package org.relayfs.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.relayfs.memory.ClientFile;
import org.relayfs.memory.WaitSet;

/// Records one buffer, in a thread of its own. Its figures may be read by any thread.
final class BufferRecorder implements Runnable {
    /// How often it reads without having been woken: what is in the sub-buffer that is being written waits no longer.
    private static final int LOOK_MS = 1000;

    private final String name;
    private final ClientFile file;
    private final RotatingFile output;
    private final BufferPositions positions;
    private final BufferDrain drain;
    private final WaitSet waits;
    private final Thread thread;

    // Written by its thread only.
    private volatile long bytes;
    private volatile long subBuffers;
    private volatile long backlog;
    private volatile long largestBacklog;
    private volatile boolean ended;
    private volatile Exception failure;

    private volatile boolean stopping;
    private long consumed;

    private BufferRecorder(
            ClientFile file, RotatingFile output, BufferPositions positions, BufferDrain drain, WaitSet waits)
            throws IOException {
        this.name = file.path().getFileName().toString();
        this.file = file;
        this.output = output;
        this.positions = positions;
        this.drain = drain;
        this.waits = waits;
        this.consumed = positions == null ? 0 : positions.consumed();
        this.thread =
                Thread.ofPlatform().daemon().name("relayfs-record-" + name).unstarted(this);
        waits.setFiles(java.util.List.of(file));
    }

    /// @param path      of the relay file
    /// @param mapped    true: from the mapping
    /// @param chunkSize bytes to read at once
    static BufferRecorder start(ChannelRow row, Path path, RecordedFiles files, boolean mapped, int chunkSize)
            throws IOException, ToolException {
        ClientFile file = ClientFile.open(path);
        RotatingFile output = null;
        try {
            Optional<BufferPositions> positions =
                    mapped ? Optional.of(BufferPositions.consume(path)) : BufferPositions.look(path);
            output = files.open(path.getFileName().toString());
            long limit = Math.max(row.bufferSize(), chunkSize);
            BufferDrain reading = new ReadingDrain(file, output, limit, chunkSize);
            BufferDrain drain = mapped ? new MappedDrain(row, file, positions.orElseThrow(), output, reading) : reading;
            BufferRecorder recorder = new BufferRecorder(file, output, positions.orElse(null), drain, new WaitSet());
            recorder.thread.start();
            return recorder;
        } catch (IOException | ToolException e) {
            file.close();
            if (output != null) {
                output.close();
            }
            throw e;
        }
    }

    @Override
    public void run() {
        try (file;
                output;
                positions;
                drain;
                waits) {
            while (!stopping && !ended) {
                waits.await(LOOK_MS);
                look();
                boolean last = waits.hasEnded(0);
                long moved = last ? drain.drainRest() : drain.drain();
                bytes += moved;
                ended = last && moved == 0;
            }
            if (!ended) {
                look();
                bytes += drain.drain();
            }
            look();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
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

    /// Makes it take what is there, and end.
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

    long bytes() {
        return bytes;
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
