package org.relayfs.jfr;

import java.time.Duration;
import java.time.Instant;

/// Times of JFR in nanoseconds: those that are too far away, as the ends of what 64 bits hold.
final class JfrTime {
    private static final long SECOND_NS = 1_000_000_000L;

    private JfrTime() {}

    /// {@return nanoseconds since 1970}
    static long nanos(Instant time) {
        return nanos(time.getEpochSecond(), time.getNano());
    }

    static long nanos(Duration time) {
        return nanos(time.getSeconds(), time.getNano());
    }

    private static long nanos(long seconds, int rest) {
        long most = Long.MAX_VALUE / SECOND_NS - 1;
        if (seconds > most) {
            return Long.MAX_VALUE;
        }
        return seconds < -most ? Long.MIN_VALUE : seconds * SECOND_NS + rest;
    }
}
