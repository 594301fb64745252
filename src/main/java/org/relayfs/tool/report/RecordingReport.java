package org.relayfs.tool.report;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventMerge;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.TypeTable;
import org.relayfs.tool.cli.ToolException;

/// The events of recordings.
final class RecordingReport implements Closeable {
    private final IdentityHashMap<TypeTable, ReportedTrace> traces = new IdentityHashMap<>();
    private final List<EventStream> streams = new ArrayList<>();
    private final List<FileBytes> files = new ArrayList<>();
    private final List<CtfClock> clocks = new ArrayList<>();

    RecordingReport(List<Path> folders, EventFilter filter) throws IOException, ToolException {
        for (Path folder : folders) {
            for (TraceFolder trace : TraceFolder.below(folder)) {
                add(trace, filter);
            }
        }
    }

    private void add(TraceFolder folder, EventFilter filter) throws IOException, ToolException {
        CtfMetadata metadata = folder.metadata();
        ReportedTrace trace = new ReportedTrace(metadata, clock(metadata.clock()), filter);
        traces.put(trace.types(), trace);
        for (Map.Entry<Integer, List<Path>> stream : folder.streams()) {
            FileBytes bytes = new FileBytes(stream.getValue());
            files.add(bytes);
            streams.add(new EventStream(bytes, trace.types(), stream.getKey()));
        }
    }

    /// Traces of one boot have one clock; what they say of the time of day differs by what was known when they began.
    private CtfClock clock(CtfClock clock) {
        for (CtfClock other : clocks) {
            if (other.uuid().equals(clock.uuid())
                    && other.name().equals(clock.name())
                    && other.frequency() == clock.frequency()) {
                return other;
            }
        }
        clocks.add(clock);
        return clock;
    }

    /// All events, in one order.
    void tellInOrder(EventTarget target) throws IOException {
        EventMerge merge = new EventMerge();
        for (EventStream stream : streams) {
            merge.add(stream, traces.get(stream.types()).clock());
        }
        merge.look();
        for (EventStream stream = merge.next(EventMerge.ALL); stream != null; stream = merge.next(EventMerge.ALL)) {
            target.take(traces.get(stream.types()), stream, merge.step(), merge.time(), merge.isLate());
        }
        target.flush();
    }

    /// All events, one stream after the other: for counting, which needs no order.
    void count(CountTarget target) throws IOException {
        for (EventStream stream : streams) {
            ReportedTrace trace = traces.get(stream.types());
            boolean hasNoTime = target.needsNoTime();
            for (EventStream.Step step = stream.next(); step != EventStream.Step.END; step = stream.next()) {
                long time = hasNoTime ? 0 : trace.clock().realtime(stream.timestamp());
                target.take(trace, stream, step, time, false);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (FileBytes file : files) {
            file.close();
        }
    }
}
