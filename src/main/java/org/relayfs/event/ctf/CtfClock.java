package org.relayfs.event.ctf;

import java.util.UUID;
import java.util.regex.Pattern;

/// The clock of a trace's timestamps, and how its values become times of day.
///
/// @param name          a letter, then letters, digits and `_`
/// @param frequency     values a second, 1 to 9·10⁹
/// @param offsetSeconds time of day at value 0, in seconds since 1970
/// @param offset        what to add to that, in values: 0 to `frequency` - 1
/// @param uuid          the same for clocks that can be compared: that of the boot
public record CtfClock(String name, long frequency, long offsetSeconds, long offset, UUID uuid) {
    /// Values a second of a clock in nanoseconds.
    public static final long NANOSECONDS = 1_000_000_000L;

    private static final long MAX_FREQUENCY = 9 * NANOSECONDS;
    /// Times of day of more than this many seconds are not ones that Java's nanoseconds can hold.
    private static final long MAX_OFFSET_SECONDS = Long.MAX_VALUE / NANOSECONDS - 1;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    /// Checks what it is made of.
    ///
    /// @throws IllegalArgumentException out of range
    public CtfClock {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("clock: name=" + name + ", limit=1..63 letters, digits and _");
        }
        check("frequency", frequency, 1, MAX_FREQUENCY);
        check("offset_s", offsetSeconds, -MAX_OFFSET_SECONDS, MAX_OFFSET_SECONDS);
        check("offset", offset, 0, frequency - 1);
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("clock: " + what + "=" + value + ", limit=" + least + ".." + most);
        }
    }

    /// The clock CLOCK_MONOTONIC.
    ///
    /// @param boot      of this boot of the machine
    /// @param monotonic nanoseconds of it
    /// @param realtime  nanoseconds since 1970 at the same moment
    /// @return the clock
    public static CtfClock monotonic(UUID boot, long monotonic, long realtime) {
        return of("monotonic", NANOSECONDS, boot, monotonic, realtime);
    }

    /// A clock of which one value is known together with the time of day.
    ///
    /// @param name      see above
    /// @param frequency see above
    /// @param boot      of this boot of the machine
    /// @param value     of the clock, 0 or more
    /// @param realtime  nanoseconds since 1970 at the same moment
    /// @return the clock
    /// @throws IllegalArgumentException out of range
    public static CtfClock of(String name, long frequency, UUID boot, long value, long realtime) {
        check("frequency", frequency, 1, MAX_FREQUENCY);
        long atZero = realtime - nanoseconds(value, frequency);
        long rest = Math.floorMod(atZero, NANOSECONDS);
        // Both factors are below 9·10⁹, so the product fits.
        return new CtfClock(name, frequency, Math.floorDiv(atZero, NANOSECONDS), rest * frequency / NANOSECONDS, boot);
    }

    private static long nanoseconds(long value, long frequency) {
        return frequency == NANOSECONDS
                ? value
                : Long.divideUnsigned(value, frequency) * NANOSECONDS
                        + Long.remainderUnsigned(value, frequency) * NANOSECONDS / frequency;
    }

    /// The time of day of a value. Any value has one: what is out of range wraps around.
    ///
    /// @param value of the clock, unsigned
    /// @return nanoseconds since 1970
    public long realtime(long value) {
        return offsetSeconds * NANOSECONDS + nanoseconds(value + offset, frequency);
    }
}
