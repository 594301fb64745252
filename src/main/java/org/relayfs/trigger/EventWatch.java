package org.relayfs.trigger;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.relayfs.Events;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;

/// Looks whether events of some types have been logged, by the counts that the channel keeps. For one
/// thread.
final class EventWatch {
    private static final List<BuiltInType> BUILT_IN = List.of(BuiltInType.values());

    private final Events events;
    private final Set<String> types;
    private final Level level;
    private long seen;

    /// @param types names
    /// @param level the least whose events count, too; null: none
    EventWatch(Events events, Set<String> types, Level level) throws IOException {
        this.events = events;
        this.types = Set.copyOf(types);
        this.level = level;
        this.seen = count();
    }

    /// {@return true when there are more of them than the last time}
    ///
    /// @throws IOException the channel is closed
    boolean hasGrown() throws IOException {
        long before = seen;
        seen = count();
        return seen > before;
    }

    private long count() throws IOException {
        Map<Integer, EventType> all = new TreeMap<>(events.types());
        // The two others are the ring's own.
        for (BuiltInType type : List.of(BuiltInType.TEXT, BuiltInType.BYTES)) {
            all.put(BUILT_IN.indexOf(type), type.type());
        }
        long[] counts = events.counts();
        long sum = 0;
        for (Map.Entry<Integer, EventType> type : all.entrySet()) {
            if (type.getKey() < counts.length && isMeant(type.getValue())) {
                sum += counts[type.getKey()];
            }
        }
        return sum;
    }

    private boolean isMeant(EventType type) {
        return types.contains(type.name()) || level != null && type.level().compareTo(level) >= 0;
    }
}
