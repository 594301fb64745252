package org.relayfs.layout;

/// A channel's file `types`: which types of events it has, which of them are on, how often each was logged, and what
/// its threads are called. It belongs to the channel, not to a generation of it.
public final class TypesFile {
    /// Layout version; 0 until the rest is complete.
    public static final int VERSION_OFFSET = 0;

    /// Bytes of the log that are complete. Raised under the lock, after the bytes; never lowered.
    public static final int LOG_END_OFFSET = VERSION_OFFSET + 8;

    /// The least level of the types that are on, as a number from 0 (trace) to 4 (error).
    public static final int LEVEL_OFFSET = LOG_END_OFFSET + 8;

    /// A word for each id: 0 while the type is on.
    public static final int SWITCHES_OFFSET = 4096;

    /// Ids that there can be.
    public static final int IDS = 4096;

    /// Rows of counts, one for each in-flight entry of a buffer.
    public static final int COUNTS_OFFSET = SWITCHES_OFFSET + IDS * 8;

    /// Bytes of a row: a word for each id.
    public static final int ROW_SIZE = IDS * 8;

    /// Definitions and names, one after the other.
    public static final int LOG_OFFSET = COUNTS_OFFSET + InFlightTable.ENTRIES * ROW_SIZE;

    /// Bytes for them.
    public static final int LOG_SIZE = 4 << 20;

    /// Bytes of the file.
    public static final int SIZE = LOG_OFFSET + LOG_SIZE;

    /// Number of this layout.
    public static final long LAYOUT_VERSION = 1;

    /// In a switch: the type was switched off by its name.
    public static final long OFF = 1;

    /// In a switch: the type is below the level.
    public static final long BELOW_LEVEL = 2;

    private TypesFile() {}

    /// {@return the version}
    ///
    /// @param file its address
    // pairs with: TypesFile.versionRelease
    public static long versionAcquire(long file) {
        return Words.getAcquire(file, VERSION_OFFSET);
    }

    /// Shows it to others.
    ///
    /// @param file its address
    // pairs with: TypesFile.versionAcquire
    public static void versionRelease(long file) {
        Words.setRelease(file, VERSION_OFFSET, LAYOUT_VERSION);
    }

    /// {@return bytes of the log that are complete}
    ///
    /// @param file its address
    // pairs with: TypesFile.setLogEndRelease
    public static long logEndAcquire(long file) {
        return Words.getAcquire(file, LOG_END_OFFSET);
    }

    /// Shows a record of the log to others.
    ///
    /// @param file its address
    /// @param end  behind the record
    // pairs with: TypesFile.logEndAcquire
    public static void setLogEndRelease(long file, long end) {
        Words.setRelease(file, LOG_END_OFFSET, end);
    }

    /// {@return the level}
    ///
    /// @param file its address
    public static long levelVolatile(long file) {
        return Words.getVolatile(file, LEVEL_OFFSET);
    }

    /// Sets the level.
    ///
    /// @param file  its address
    /// @param level 0 to 4
    public static void setLevelVolatile(long file, long level) {
        Words.setVolatile(file, LEVEL_OFFSET, level);
    }

    /// {@return 0 while a type is on}
    ///
    /// @param file its address
    /// @param id   of the type
    public static long switchOpaque(long file, int id) {
        return Words.getOpaque(file, SWITCHES_OFFSET + id * 8L);
    }

    /// Switches a type.
    ///
    /// @param file  its address
    /// @param id    of the type
    /// @param value [#OFF] and [#BELOW_LEVEL], or 0
    public static void setSwitchOpaque(long file, int id, long value) {
        Words.setOpaque(file, SWITCHES_OFFSET + id * 8L, value);
    }

    /// Counts an event in a row that has one writer at a time.
    ///
    /// @param row address of the row
    /// @param id  of the type
    public static void countAlone(long row, int id) {
        Words.setOpaque(row, id * 8L, Words.getOpaque(row, id * 8L) + 1);
    }

    /// Counts an event in a row that may have several.
    ///
    /// @param row address of the row
    /// @param id  of the type
    public static void countTogether(long row, int id) {
        Words.getAndAdd(row, id * 8L, 1);
    }
}
