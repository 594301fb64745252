package org.relayfs.tool.report;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventMerge;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;

/// The events of a channel, while they are written.
final class ChannelReport {
    /// How often it looks without having been woken: for what is in open sub-buffers, and for new buffers.
    private static final long LOOK_MS = 100;

    /// How often it looks for the names of threads.
    private static final long NAMES_MS = 1000;

    private static final long MS = 1_000_000L;

    /// A time so far ahead of now is none that anybody should wait for.
    private static final long FAR_NS = TimeUnit.SECONDS.toNanos(10);

    private final Path metadataFile;
    private final ChannelSource source;
    private final EventTarget target;
    private final long latenessNs;
    private final ReportedTrace trace;
    private final EventMerge merge = new EventMerge();
    private final List<LiveBytes> buffers = new ArrayList<>();
    /// Types that were not known when their first event came.
    private final BitSet asked = new BitSet();

    private long metadataReadAt;

    ChannelReport(Path channel, ChannelSource source, EventFilter filter, EventTarget target, Duration lateness)
            throws IOException, ToolException {
        this.metadataFile = channel.resolve("metadata");
        this.source = source;
        this.target = target;
        this.latenessNs = lateness.toNanos();
        CtfMetadata metadata = TraceFolder.metadata(metadataFile);
        this.trace = new ReportedTrace(metadata, metadata.clock(), filter);
        this.metadataReadAt = System.nanoTime();
    }

    private void addNew() throws IOException {
        for (ChannelSource.Buffer buffer : source.newBuffers()) {
            buffers.add(buffer.bytes());
            merge.add(new EventStream(buffer.bytes(), trace.types(), buffer.cpu()), trace.clock());
        }
    }

    /// The time of day by the trace's clock, which a change of the time of day does not move.
    private long now() {
        CtfClock clock = trace.clock();
        return clock.name().equals("monotonic") && clock.frequency() == CtfClock.NANOSECONDS
                ? clock.realtime(System.nanoTime())
                : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /// What is there now.
    void tellAll() throws IOException {
        addNew();
        long now = now();
        merge.look();
        for (EventStream event = merge.next(EventMerge.ALL); event != null; event = merge.next(EventMerge.ALL)) {
            take(event);
            if (merge.time() > now) {
                buffers.forEach(LiveBytes::closeSoon);
            }
        }
        finish();
    }

    /// All that comes, until the channel is destroyed.
    void follow(StopSignal stop) throws IOException {
        stop.onRequest(source::wake);
        addNew();
        boolean isOver = false;
        while (!isOver && !stop.isRequested()) {
            merge.look();
            tellUntil(now() - latenessNs);
            target.flush();
            isOver = source.hasEnded() && merge.hasEnded();
            if (!isOver) {
                source.await(idle(), timeoutMs());
                addNew();
            }
        }
        finish();
    }

    private void tellUntil(long limit) throws IOException {
        EventStream event = merge.next(limit);
        while (event != null) {
            take(event);
            event = merge.next(limit);
        }
        if (merge.oldestWaiting() != EventMerge.ALL && merge.oldestWaiting() - limit > latenessNs + FAR_NS) {
            event = merge.next(EventMerge.ALL);
            take(event);
        }
    }

    /// Those that have given all they had.
    private List<LiveBytes> idle() {
        return buffers.stream().filter(LiveBytes::isDry).toList();
    }

    private long timeoutMs() {
        long oldest = merge.oldestWaiting();
        long wait = oldest == EventMerge.ALL ? LOOK_MS : (oldest + latenessNs - now()) / MS + 1;
        return Math.clamp(wait, 1, LOOK_MS);
    }

    /// What is begun is read to its end.
    private void finish() throws IOException {
        buffers.forEach(LiveBytes::closeSoon);
        merge.look();
        for (EventStream event = merge.next(EventMerge.ALL); event != null; event = merge.next(EventMerge.ALL)) {
            take(event);
        }
        target.flush();
    }

    private void take(EventStream event) throws IOException {
        if (merge.step() == EventStream.Step.EVENT && isNews(event)) {
            readMetadata();
        }
        target.take(trace, event, merge.step(), merge.time(), merge.isLate());
    }

    /// Whether the metadata may tell by now what an event is, or what its thread is called.
    private boolean isNews(EventStream event) {
        int id = event.id();
        if (id < BuiltInType.FIRST_OF_PROGRAMS || event.type() != null) {
            return trace.thread(event.thread()) == null && isOlderThan(NAMES_MS);
        }
        boolean isFirst = !asked.get(id);
        asked.set(id);
        return isFirst || isOlderThan(LOOK_MS);
    }

    private boolean isOlderThan(long ms) {
        return System.nanoTime() - metadataReadAt > ms * MS;
    }

    /// A type is registered before its first event is written. Of a channel that was destroyed, what was known stays.
    private void readMetadata() throws IOException {
        metadataReadAt = System.nanoTime();
        try {
            trace.update(TraceFolder.metadata(metadataFile));
        } catch (NoSuchFileException e) {
            asked.set(0, CtfMetadata.MAX_TYPE + 1);
        } catch (ToolException e) {
            System.err.println("relayfs: " + e.getMessage());
        }
    }
}
