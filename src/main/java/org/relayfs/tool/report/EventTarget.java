package org.relayfs.tool.report;

import java.io.IOException;
import org.relayfs.event.ctf.EventStream;

/// What becomes of events.
interface EventTarget {
    /// Takes what a stream is at.
    ///
    /// @param step an event, a loss or damage
    /// @param time nanoseconds since 1970
    void take(ReportedTrace trace, EventStream stream, EventStream.Step step, long time, boolean isLate)
            throws IOException;

    /// Shows what was taken.
    void flush() throws IOException;

    /// {@return whether there were bytes that are no events}
    boolean hasSeenDamage();
}
