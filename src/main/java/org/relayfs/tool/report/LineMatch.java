package org.relayfs.tool.report;

import java.time.ZoneOffset;
import org.relayfs.event.ctf.EventStream;

/// Whether an event's line has what is looked for, where no lines are printed.
final class LineMatch {
    private final EventFilter filter;
    private final EventPrinter printer = new LinePrinter(new TimeOfDay(ZoneOffset.UTC), false, false);
    private final StringBuilder line = new StringBuilder();

    LineMatch(EventFilter filter) {
        this.filter = filter;
    }

    boolean takes(ReportedTrace trace, EventStream stream, long time) {
        if (filter.text() == null) {
            return true;
        }
        line.setLength(0);
        printer.event(trace, stream, time, false, line);
        return filter.text().matcher(line).region(0, line.length() - 1).find();
    }
}
