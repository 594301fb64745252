package org.relayfs.tool.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.tool.client.RecordOutput;

/// Counts events, and shows how many there were of each type. Damage goes to standard error.
final class CountTarget implements EventTarget {
    private final EventFilter filter;
    private final LineMatch match;
    private final boolean isJson;
    private final RecordOutput output;
    private final TypeCounts counts = new TypeCounts();
    private final IdentityHashMap<ReportedTrace, long[]> byNumber = new IdentityHashMap<>();
    private ReportedTrace last;
    private long[] numbers;
    private boolean hasSeenDamage;

    CountTarget(EventFilter filter, boolean isJson, RecordOutput output) {
        this.filter = filter;
        this.match = new LineMatch(filter);
        this.isJson = isJson;
        this.output = output;
    }

    @Override
    public void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long time, boolean isLate) {
        if (step == EventStream.Step.EVENT) {
            if (trace.isWanted(stream) && filter.takesTime(time) && match.takes(trace, stream, time)) {
                numbers(trace)[stream.id()]++;
            }
        } else if (step == EventStream.Step.LOSS) {
            counts.add(stream.loss());
        } else {
            hasSeenDamage = true;
            System.err.println("relayfs: damaged: cpu=" + stream.cpu() + ", " + stream.damage());
        }
    }

    private long[] numbers(ReportedTrace trace) {
        if (trace != last) {
            last = trace;
            numbers = byNumber.computeIfAbsent(trace, any -> new long[CtfMetadata.MAX_TYPE + 1]);
        }
        return numbers;
    }

    /// Whether the time of an event is of no interest.
    boolean needsNoTime() {
        return !filter.hasTimes() && filter.text() == null;
    }

    /// Nothing is shown before the end.
    @Override
    public void flush() {}

    void print() throws IOException {
        byNumber.forEach(counts::add);
        String lines = String.join("\n", counts.lines(isJson));
        output.write(ByteBuffer.wrap((lines.isEmpty() ? "" : lines + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean hasSeenDamage() {
        return hasSeenDamage;
    }
}
