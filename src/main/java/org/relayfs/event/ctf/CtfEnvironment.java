package org.relayfs.event.ctf;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Where a trace comes from.
///
/// @param hostname the machine's
/// @param bootId   that of the machine's boot, or an empty text
/// @param channel  the channel's name
/// @param threads  names of threads by their numbers: the unsigned 32 bits that events have
public record CtfEnvironment(String hostname, String bootId, String channel, SortedMap<Long, String> threads) {
    /// The format of events that this package knows.
    public static final int FORMAT = 1;

    private static final long MAX_THREAD = 0xFFFF_FFFFL;

    /// Copies the names of threads.
    ///
    /// @throws IllegalArgumentException a number of a thread is out of range
    public CtfEnvironment {
        threads = Collections.unmodifiableSortedMap(new TreeMap<>(threads));
        if (!threads.isEmpty() && (threads.firstKey() < 0 || threads.lastKey() > MAX_THREAD)) {
            throw new IllegalArgumentException("threads: first=" + threads.firstKey() + ", last=" + threads.lastKey()
                    + ", limit=0.." + MAX_THREAD);
        }
    }

    /// The same with other names of threads.
    ///
    /// @param names by their numbers
    /// @return it
    /// @throws IllegalArgumentException a number of a thread is out of range
    public CtfEnvironment withThreads(Map<Long, String> names) {
        return new CtfEnvironment(hostname, bootId, channel, new TreeMap<>(names));
    }
}
