package org.relayfs.event.perfetto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.relayfs.event.ctf.CtfMetadata;

/// A thread's track: which slices are open in it, and the tracks below it.
final class ThreadTrack {
    private static final int MAX_DEPTH = 256;

    private final long uuid;
    private final List<String> open = new ArrayList<>();
    private final Map<String, List<Lane>> lanes = new HashMap<>();
    private CtfMetadata described;

    /// A track of slices that do not overlap.
    static final class Lane {
        final long uuid;
        private long end;

        Lane(long uuid, long end) {
            this.uuid = uuid;
            this.end = end;
        }
    }

    ThreadTrack(long uuid) {
        this.uuid = uuid;
    }

    long uuid() {
        return uuid;
    }

    /// {@return whether these metadata may say more of the thread than what it was described by}
    @SuppressWarnings("ReferenceEquality") // asked with each event; equal ones that were read anew do no harm
    boolean needs(CtfMetadata metadata) {
        boolean isNew = described != metadata;
        described = metadata;
        return isNew;
    }

    /// {@return whether a slice could be opened}
    boolean open(String name) {
        return open.size() < MAX_DEPTH && open.add(name);
    }

    /// Closes the innermost slice of this name, and those within it, whose ends are missing.
    ///
    /// @return how many they are, 0 if there is none of this name
    int close(String name) {
        int at = open.lastIndexOf(name);
        if (at < 0) {
            return 0;
        }
        int count = open.size() - at;
        open.subList(at, open.size()).clear();
        return count;
    }

    /// {@return the track for a slice, which has room from now on only behind it, or null if each one is taken}
    Lane lane(String name, long start, long end) {
        for (Lane lane : lanes.getOrDefault(name, List.of())) {
            if (lane.end <= start) {
                lane.end = end;
                return lane;
            }
        }
        return null;
    }

    void add(String name, Lane lane) {
        lanes.computeIfAbsent(name, any -> new ArrayList<>()).add(lane);
    }
}
