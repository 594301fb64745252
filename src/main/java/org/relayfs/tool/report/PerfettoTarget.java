package org.relayfs.tool.report;

import java.io.IOException;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.perfetto.PerfettoTrace;

/// Makes a trace for Perfetto of events.
final class PerfettoTarget implements EventTarget {
    private final PerfettoTrace trace;
    private boolean hasSeenDamage;

    PerfettoTarget(PerfettoTrace trace) {
        this.trace = trace;
    }

    @Override
    public void take(ReportedTrace reported, EventStream stream, EventStream.Step step, long time, boolean isLate)
            throws IOException {
        switch (step) {
            case EVENT -> trace.event(stream, time, isLate);
            case LOSS -> trace.loss(stream, time);
            default -> {
                hasSeenDamage = true;
                trace.damage(stream, time);
            }
        }
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
