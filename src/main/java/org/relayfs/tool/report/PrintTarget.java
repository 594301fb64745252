package org.relayfs.tool.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.tool.client.RecordOutput;

/// Prints events.
final class PrintTarget implements EventTarget {
    private static final int FULL = 1 << 15;

    private final EventFilter filter;
    private final EventPrinter printer;
    private final RecordOutput output;
    private final StringBuilder text = new StringBuilder(2 * FULL);
    private boolean hasSeenDamage;

    PrintTarget(EventFilter filter, EventPrinter printer, RecordOutput output) {
        this.filter = filter;
        this.printer = printer;
        this.output = output;
    }

    @Override
    public void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long time, boolean isLate)
            throws IOException {
        hasSeenDamage |= step == EventStream.Step.DAMAGE;
        if (!filter.takesTime(time)) {
            return;
        }
        switch (step) {
            case EVENT -> {
                if (trace.isWanted(stream)) {
                    event(trace, stream, time, isLate);
                }
            }
            case LOSS -> printer.loss(trace, stream, time, text);
            default -> printer.damage(trace, stream, time, text);
        }
        if (text.length() > FULL) {
            flush();
        }
    }

    private void event(ReportedTrace trace, EventStream stream, long time, boolean isLate) {
        int start = text.length();
        printer.event(trace, stream, time, isLate, text);
        if (filter.text() != null
                && !filter.text().matcher(text).region(start, text.length() - 1).find()) {
            text.setLength(start);
        }
    }

    @Override
    public void flush() throws IOException {
        if (!text.isEmpty()) {
            output.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            text.setLength(0);
        }
    }

    @Override
    public boolean hasSeenDamage() {
        return hasSeenDamage;
    }
}
