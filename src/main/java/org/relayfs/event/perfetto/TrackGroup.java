package org.relayfs.event.perfetto;

import java.util.BitSet;
import org.relayfs.event.EventType;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.TypeTable;

/// The tracks of one trace. For Perfetto it is a process: events do not say which process they come from.
final class TrackGroup {
    /// The kernel has no process of such a number.
    private static final int FIRST_PROCESS = (1 << 22) + 1;

    private static final int NUMBER_SHIFT = 40;
    private static final long THREADS = 1L << 32;
    private static final long CPUS = 2L << 32;
    private static final long COUNTERS = 3L << 32;

    private final int number;
    private final TypeTable types;
    private final EventShape[] shapes = new EventShape[CtfMetadata.MAX_TYPE + 1];
    private final BitSet describedCpus = new BitSet();
    private final BitSet describedCounters = new BitSet();

    TrackGroup(int number, TypeTable types) {
        this.number = number;
        this.types = types;
    }

    TypeTable types() {
        return types;
    }

    /// {@return how events of a type are shown}
    @SuppressWarnings("ReferenceEquality") // asked with each event; an equal one that was read anew does no harm
    EventShape shape(int id) {
        EventType type = types.type(id);
        EventShape shape = shapes[id];
        if (shape == null || shape.type() != type) {
            shape = EventShape.of(id, type);
            shapes[id] = shape;
        }
        return shape;
    }

    int process() {
        return FIRST_PROCESS + number;
    }

    long uuid() {
        return (number + 1L) << NUMBER_SHIFT;
    }

    long thread(long thread) {
        return uuid() | THREADS + thread;
    }

    long cpu(int cpu) {
        return uuid() | CPUS + cpu;
    }

    long counter(int id) {
        return uuid() | COUNTERS + id;
    }

    boolean isNewCpu(int cpu) {
        return isNew(describedCpus, cpu);
    }

    boolean isNewCounter(int id) {
        return isNew(describedCounters, id);
    }

    private static boolean isNew(BitSet described, int number) {
        boolean isNew = !described.get(number);
        described.set(number);
        return isNew;
    }
}
