package org.relayfs.tool.report;

import java.util.Arrays;
import org.relayfs.event.EventType;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.TypeTable;

/// A trace that is reported, with what the filter makes of its types.
final class ReportedTrace {
    private final EventFilter filter;
    private final TypeTable types;
    private final CtfClock clock;
    private final boolean[] isWanted = new boolean[CtfMetadata.MAX_TYPE + 1];
    private long[] threads;

    /// @param clock of its times: that of another trace of the same boot, if there is one
    ReportedTrace(CtfMetadata metadata, CtfClock clock, EventFilter filter) {
        this.filter = filter;
        this.types = new TypeTable(metadata);
        this.clock = clock;
        judge();
    }

    /// Has more types and threads.
    void update(CtfMetadata metadata) {
        types.update(metadata);
        judge();
    }

    private void judge() {
        for (int id = 0; id < isWanted.length; id++) {
            isWanted[id] = filter.takesType(id, types.type(id));
        }
        threads = filter.threads(types.metadata().environment().threads());
    }

    /// {@return whether the type and the thread of an event are wanted}
    boolean isWanted(EventStream event) {
        return isWanted[event.id()] && (threads == null || Arrays.binarySearch(threads, event.thread()) >= 0);
    }

    TypeTable types() {
        return types;
    }

    CtfClock clock() {
        return clock;
    }

    CtfMetadata metadata() {
        return types.metadata();
    }

    /// {@return the name of a thread, or null}
    String thread(long number) {
        return types.metadata().environment().threads().get(number);
    }

    /// {@return the name of a type, also of one that is not known}
    static String name(int id, EventType type) {
        return type == null ? "type-" + id : type.name();
    }
}
