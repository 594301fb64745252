package org.relayfs.tool.report;

import java.io.IOException;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.perfetto.PerfettoTrace;

/// Makes a trace for Perfetto of events.
final class PerfettoTarget implements EventTarget {
    private final EventFilter filter;
    private final LineMatch match;
    private final PerfettoTrace trace;
    private boolean hasSeenDamage;

    PerfettoTarget(EventFilter filter, PerfettoTrace trace) {
        this.filter = filter;
        this.match = new LineMatch(filter);
        this.trace = trace;
    }

    @Override
    public void take(ReportedTrace reported, EventStream stream, EventStream.Step step, long time, boolean isLate)
            throws IOException {
        switch (step) {
            case EVENT -> {
                if (isWanted(reported, stream, time)) {
                    trace.event(stream, time, isLate);
                }
            }
            case LOSS -> {
                if (filter.takesTime(time)) {
                    trace.loss(stream, time);
                }
            }
            default -> {
                hasSeenDamage = true;
                trace.damage(stream, time);
            }
        }
    }

    // The first events of sub-buffers are not shown, but tell the time of day.
    private boolean isWanted(ReportedTrace reported, EventStream stream, long time) {
        return BuiltInType.SUB_BUFFER.type().equals(stream.type())
                || reported.isWanted(stream) && filter.takesTime(time) && match.takes(reported, stream, time);
    }

    @Override
    public void flush() throws IOException {
        trace.flush();
    }

    @Override
    public boolean hasSeenDamage() {
        return hasSeenDamage;
    }
}
