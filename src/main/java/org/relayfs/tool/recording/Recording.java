package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelFolder;
import org.relayfs.tool.stat.Loss;
import org.relayfs.tool.stat.LossMeter;

/// A recording of all buffers of a channel, until it is stopped, the channel is destroyed or something fails.
final class Recording {
    private static final int TICK_MS = 200;
    private static final int TICKS_BETWEEN_SCANS = 5;
    private static final int PATIENCE_MS = 5000;
    private static final int CHUNK_SIZE = 1 << 20;
    private static final int MANY_BUFFERS = 16;
    private static final int SMALL_CHUNK_SIZE = 1 << 18;

    private final ChannelFolder channel;
    private final RecordedFiles files;
    private final boolean mapped;
    private final List<BufferRecorder> recorders = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private final long endNs;
    private LossMeter meter;
    private boolean unflushed;

    Recording(ChannelFolder channel, RecordedFiles files, boolean mapped, Duration duration)
            throws IOException, ToolException {
        this.channel = channel;
        this.files = files;
        this.mapped = mapped;
        this.endNs = startNs + duration.toNanos();
        if (mapped) {
            requireMappable();
        }
    }

    /// The mapping alone does not tell what is in a sub-buffer that a writer may reuse at any moment, or how much
    /// of it is padding.
    private void requireMappable() throws IOException, ToolException {
        String header = Files.readString(channel.path().resolve("header")).strip();
        if (channel.row().isOverwrite() || !header.equals("padding")) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "--mmap: channel " + channel.name() + " has mode="
                            + channel.row().mode() + " header=" + header
                            + ", limit=mode=no-overwrite header=padding; create it like that, or omit --mmap");
        }
    }

    void run(StopSignal stop, ProgressLine progress) throws IOException, ToolException, InterruptedException {
        List<String> names = channel.relayFiles();
        if (names.isEmpty()) {
            throw new ToolException(ExitCode.SYSTEM, "channel " + channel.name() + " has no relay files");
        }
        files.prepare(names);
        meter = new LossMeter(channel);
        start(openNew());
        try {
            for (int tick = 1; goesOn() && !stop.await(tickMs()); tick++) {
                meter.sample();
                if (tick % TICKS_BETWEEN_SCANS == 0) {
                    startLate();
                    progress.show(this);
                }
            }
        } finally {
            end();
        }
    }

    private long tickMs() {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()), 1, TICK_MS);
    }

    private boolean goesOn() {
        return endNs - System.nanoTime() > 0
                && recorders.stream().noneMatch(recorder -> recorder.failure().isPresent())
                && !recorders.stream().allMatch(BufferRecorder::hasEnded);
    }

    /// Opens all files before it starts with the first: an open file can be read to its end, even if the channel
    /// is destroyed the next moment.
    private List<BufferRecorder> openNew() throws IOException {
        List<String> names = new ArrayList<>(channel.relayFiles());
        recorders.forEach(recorder -> names.remove(recorder.name()));
        List<BufferRecorder> opened = new ArrayList<>();
        try {
            for (String name : names) {
                opened.add(BufferRecorder.open(channel.row(), channel.path().resolve(name), mapped));
            }
            return opened;
        } catch (IOException e) {
            close(opened);
            throw e;
        }
    }

    /// Starts none before all have a file to write to: records that cannot be written must not be read.
    private void start(List<BufferRecorder> opened) throws IOException {
        try {
            for (BufferRecorder recorder : opened) {
                recorder.writeTo(files.open(recorder.name()));
            }
        } catch (IOException e) {
            close(opened);
            throw e;
        }
        recorders.addAll(opened);
        int chunkSize = recorders.size() > MANY_BUFFERS ? SMALL_CHUNK_SIZE : CHUNK_SIZE;
        opened.forEach(recorder -> recorder.start(chunkSize));
    }

    private static void close(List<BufferRecorder> unused) throws IOException {
        for (BufferRecorder recorder : unused) {
            recorder.close();
        }
    }

    /// The files of a channel that was created again under the same name do not belong to this recording.
    private void startLate() throws IOException {
        if (recorders.stream().anyMatch(BufferRecorder::hasEnded)) {
            return;
        }
        List<BufferRecorder> late;
        try {
            late = openNew();
        } catch (IOException e) {
            // The channel or the mount is gone: who reads it says so.
            return;
        }
        start(late);
    }

    private void end() throws IOException, InterruptedException {
        boolean destroyed = recorders.stream().allMatch(BufferRecorder::hasEnded);
        if (!destroyed) {
            flush();
        }
        recorders.forEach(BufferRecorder::stop);
        for (BufferRecorder recorder : recorders) {
            recorder.join(PATIENCE_MS);
        }
        meter.finish();
    }

    private void flush() {
        try {
            channel.flush();
        } catch (IOException e) {
            // A mere reader may not; reads take the open sub-buffer as it is.
            unflushed = true;
        }
    }

    long bytes() {
        return recorders.stream().mapToLong(BufferRecorder::bytes).sum();
    }

    long backlog() {
        return recorders.stream().mapToLong(BufferRecorder::backlog).max().orElse(0);
    }

    int subBufferCount() {
        return channel.row().subBufferCount();
    }

    Optional<Loss> loss() {
        return meter.loss();
    }

    List<String> summary() {
        RecordSummary summary = new RecordSummary(recorders, subBufferCount());
        double seconds = (System.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
        List<String> lines = new ArrayList<>(summary.lines(seconds));
        lines.add("lost: " + loss().map(Loss::text).orElse("unknown: no permission to read stats"));
        recorders.stream()
                .map(BufferRecorder::unwritten)
                .flatMap(Optional::stream)
                .forEach(bytes -> lines.add("taken, but not written: " + bytes));
        if (unflushed && mapped) {
            lines.add("the current sub-buffer is not recorded: no permission to write flush");
        }
        return lines;
    }

    int exitCode() throws ToolException {
        for (BufferRecorder recorder : recorders) {
            if (recorder.failure().isPresent()) {
                Exception e = recorder.failure().get();
                throw e instanceof IOException io
                        ? Complaint.of(io)
                        : new ToolException(ExitCode.SYSTEM, recorder.name() + ": " + e);
            }
        }
        return loss().map(Loss::isNone).orElse(true) ? ExitCode.OK : ExitCode.LOST;
    }
}
