package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.event.ctf.MetadataFile;
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
    private final boolean hasEvents;
    private final List<BufferRecorder> recorders = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private final long endNs;
    private LossMeter meter;
    private Trace trace;
    private boolean unflushed;

    Recording(ChannelFolder channel, RecordedFiles files, boolean mapped, Duration duration)
            throws IOException, ToolException {
        this.channel = channel;
        this.files = files;
        this.mapped = mapped;
        this.hasEvents = channel.hasEvents();
        this.endNs = startNs + duration.toNanos();
        if (mapped) {
            requireMappable();
        }
    }

    /// The mapping alone does not tell what is in a sub-buffer that a writer may reuse at any moment, or how much
    /// of it is padding.
    private void requireMappable() throws IOException, ToolException {
        boolean tellsPadding = hasEvents || channel.row().paddingHeader() != 0;
        if (channel.row().isOverwrite() || !tellsPadding) {
            throw new ToolException(
                    ExitCode.USAGE,
                    "--mmap: channel " + channel.name() + " has mode="
                            + channel.row().mode() + " header=" + channel.row().header()
                            + ", limit=mode=no-overwrite and header=padding or padding4, or format=events; create it"
                            + " like that, or omit --mmap");
        }
        for (Path file : channel.relayFiles()) {
            if (!Files.exists(ChannelFolder.beside(file, ChannelFolder.PRODUCED))) {
                throw new ToolException(
                        ExitCode.USAGE,
                        "--mmap: channel " + channel.name() + " has plain=1, limit=plain=0: there are no counters"
                                + " beside " + file + "; create it like that, or omit --mmap");
            }
        }
    }

    void run(StopSignal stop, ProgressLine progress) throws IOException, ToolException, InterruptedException {
        List<Path> paths = channel.relayFiles();
        if (paths.isEmpty()) {
            throw new ToolException(ExitCode.SYSTEM, "channel " + channel.name() + " has no relay files");
        }
        List<String> names =
                new ArrayList<>(paths.stream().map(path -> nameOf(path, paths)).toList());
        if (hasEvents) {
            names.add(MetadataFile.NAME);
        }
        files.prepare(names);
        meter = new LossMeter(channel);
        try (Trace begun = hasEvents ? Trace.begin(channel, files) : null) {
            trace = begun;
            record(stop, progress);
        }
    }

    private void record(StopSignal stop, ProgressLine progress) throws IOException, InterruptedException {
        start(openNew());
        try {
            for (int tick = 1; goesOn() && !stop.await(tickMs()); tick++) {
                meter.sample();
                if (tick % TICKS_BETWEEN_SCANS == 0) {
                    if (hasEvents) {
                        trace.look();
                    }
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
        List<Path> all = channel.relayFiles();
        List<Path> paths = new ArrayList<>(all);
        recorders.forEach(recorder -> paths.remove(recorder.path()));
        List<BufferRecorder> opened = new ArrayList<>();
        try {
            for (Path path : paths) {
                opened.add(BufferRecorder.open(channel.row(), path, nameOf(path, all), mapped, hasEvents));
            }
            return opened;
        } catch (IOException e) {
            close(opened);
            throw e;
        }
    }

    /// That of the relay file. A program can give files in several directories the same name: then the whole path, with
    /// + between its components.
    private String nameOf(Path path, List<Path> all) {
        Path name = path.getFileName();
        boolean unique =
                all.stream().filter(other -> other.getFileName().equals(name)).count() == 1;
        return unique
                ? name.toString()
                : channel.root().relativize(path).toString().replace('/', '+');
    }

    /// Starts none before all have a file to write to: records that cannot be written must not be read.
    private void start(List<BufferRecorder> opened) throws IOException {
        try {
            for (BufferRecorder recorder : opened) {
                recorder.writeTo(
                        hasEvents ? trace.open(recorder.name(), recorder.path()) : files.open(recorder.name()));
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
