package org.relayfs.tool.report;

import org.relayfs.event.ctf.EventStream;

/// A way to show events: each call appends what is to be printed, with an end of line.
interface EventPrinter {
    void event(ReportedTrace trace, EventStream event, long time, boolean isLate, StringBuilder text);

    void loss(ReportedTrace trace, EventStream event, long time, StringBuilder text);

    void damage(ReportedTrace trace, EventStream event, long time, StringBuilder text);
}
