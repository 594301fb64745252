package org.relayfs.layout;

/// What an entry of the in-flight table says of an announcement, in one word.
///
/// ```
///  63     44           43           42        41      40          39       32  31     0
///   | 0 | FROM_START | RECORD_BIT | RETURNS | MOVES | TOTAL_BIT | process     | length |
/// ```
public final class Extent {
    /// Bit 0 of TOTAL before the change.
    public static final long TOTAL_BIT = 1L << 40;

    /// DELTA says how far the change goes; without, it is the length.
    public static final long MOVES = 1L << 41;

    /// The change gives the reservation back.
    public static final long RETURNS = 1L << 42;

    /// Bit 0 of RECORDS before the record.
    public static final long RECORD_BIT = 1L << 43;

    /// The length counts from the start of the sub-buffer. Who has opened it moves its claim behind the header when
    /// that is written.
    public static final long FROM_START = 1L << 44;

    private static final int TOTAL_SHIFT = 40;
    private static final int RECORD_SHIFT = 43;

    private Extent() {}

    /// {@return the extent of another process}
    ///
    /// @param extent  an extent
    /// @param process 0 to 255
    public static long of(long extent, int process) {
        return extent & ~(0xFFL << 32) | (long) process << 32;
    }

    /// {@return the process slot}
    ///
    /// @param extent from an entry
    public static int process(long extent) {
        return (int) (extent >>> 32) & 0xFF;
    }

    /// {@return the length}
    ///
    /// @param extent from an entry
    public static long length(long extent) {
        return extent & 0xFFFFFFFFL;
    }

    /// {@return what an announcement says of the entry's counts}
    ///
    /// @param total   the entry's TOTAL
    /// @param records the entry's RECORDS
    public static long bits(long total, long records) {
        return (total & 1) << TOTAL_SHIFT | (records & 1) << RECORD_SHIFT;
    }

    /// {@return true when the announced change has been booked}
    ///
    /// @param extent from an entry
    /// @param total  the entry's TOTAL
    public static boolean isBooked(long extent, long total) {
        return ((extent ^ total << TOTAL_SHIFT) & TOTAL_BIT) != 0;
    }

    /// {@return true when the announced record has been counted: it is whole}
    ///
    /// @param extent  from an entry
    /// @param records the entry's RECORDS
    public static boolean isCounted(long extent, long records) {
        return ((extent ^ records << RECORD_SHIFT) & RECORD_BIT) != 0;
    }

    /// {@return by how many bytes the announced change moves the reserve word}
    ///
    /// @param extent from an entry
    /// @param delta  the entry's DELTA
    public static long change(long extent, long delta) {
        return (extent & MOVES) != 0 ? delta : length(extent);
    }
}
