package org.relayfs.layout;

/// One entry per sub-buffer: how it was closed, whether it is complete and which bytes in it are holes.
///
/// ```
///    0 INFO     lap << K | payload bytes, or all ones in the lower K bits: skipped; written by the closer
///    8 COMPLETE lap + 1 of the last lap in which nobody was found any more
///   16 GIVEN_UP (lap + 1) << 1 of the last lap whose missing bytes were given up; bit 0: all of its bytes are a hole
///   64 HOLES    8 holes of 16 bytes: lap + 1, then offset << 32 | length
/// ```
public final class SubBufferTable {
    /// How the last closed lap ended.
    public static final int INFO_OFFSET = 0;

    /// Lap + 1 of the last complete lap.
    public static final int COMPLETE_OFFSET = INFO_OFFSET + 8;

    /// (Lap + 1) << 1 of the last lap that was given up; bit 0 set when it is one hole from end to end.
    public static final int GIVEN_UP_OFFSET = COMPLETE_OFFSET + 8;

    /// First hole.
    public static final int HOLES_OFFSET = 64;

    /// Bytes of one hole.
    public static final int HOLE_STRIDE = 16;

    /// Most holes that can be marked in a lap of a sub-buffer.
    public static final int HOLE_COUNT = 8;

    /// Bytes of one entry.
    public static final int STRIDE = HOLES_OFFSET + HOLE_COUNT * HOLE_STRIDE;

    private SubBufferTable() {}

    /// {@return address of its entry}
    ///
    /// @param region address of the buffer's region
    /// @param index  of the sub-buffer
    public static long entry(long region, long index) {
        return region + BufferHeader.SUB_BUFFERS_OFFSET + index * STRIDE;
    }

    /// {@return lap + 1 of the last complete lap}
    ///
    /// @param entry address of the entry
    public static long completeVolatile(long entry) {
        return Words.getVolatile(entry, COMPLETE_OFFSET);
    }

    /// {@return true when it was done}
    ///
    /// @param entry    address of the entry
    /// @param expected the mark it must be
    /// @param mark     lap + 1 of a later lap
    public static boolean completeCompareAndSet(long entry, long expected, long mark) {
        return Words.compareAndSet(entry, COMPLETE_OFFSET, expected, mark);
    }

    /// Fills a fresh entry, before the buffer goes live.
    ///
    /// @param entry address of the entry
    /// @param mark  lap + 1 of the last lap that is complete
    public static void setCompletePlain(long entry, long mark) {
        Words.setPlain(entry, COMPLETE_OFFSET, mark);
    }

    /// {@return how the last closed lap ended}
    ///
    /// @param entry address of the entry
    public static long infoVolatile(long entry) {
        return Words.getVolatile(entry, INFO_OFFSET);
    }

    /// Says how a lap ended. A read-modify-write, so that a late closer does not store over what a later lap says.
    ///
    /// @param entry    address of the entry
    /// @param expected how an earlier lap ended
    /// @param info     how the lap ended
    /// @return true when it was done
    public static boolean infoCompareAndSet(long entry, long expected, long info) {
        return Words.compareAndSet(entry, INFO_OFFSET, expected, info);
    }

    /// {@return (lap + 1) << 1 of the last lap given up; bit 0: all of it}
    ///
    /// @param entry address of the entry
    // pairs with: SubBufferTable.setGivenUpVolatile
    public static long givenUpVolatile(long entry) {
        return Words.getVolatile(entry, GIVEN_UP_OFFSET);
    }

    /// Marks a lap as given up.
    ///
    /// @param entry address of the entry
    /// @param mark  (lap + 1) << 1, and bit 0 when all of it is a hole; stored after its holes have been marked
    // pairs with: SubBufferTable.givenUpVolatile
    public static void setGivenUpVolatile(long entry, long mark) {
        Words.setVolatile(entry, GIVEN_UP_OFFSET, mark);
    }

    /// {@return lap + 1 of the lap in which the hole is; less than 0 while its extent is not there yet}
    ///
    /// @param entry address of the entry
    /// @param hole  0 to [#HOLE_COUNT] - 1
    // pairs with: SubBufferTable.setHoleLapRelease
    public static long holeLapAcquire(long entry, int hole) {
        return Words.getAcquire(entry, HOLES_OFFSET + (long) hole * HOLE_STRIDE);
    }

    /// {@return true when the place is the caller's}
    ///
    /// @param entry    address of the entry
    /// @param hole     0 to [#HOLE_COUNT] - 1
    /// @param expected of an earlier lap
    /// @param taken    lap + 1 of the lap in which the hole is, negative
    public static boolean holeLapCompareAndSet(long entry, int hole, long expected, long taken) {
        return Words.compareAndSet(entry, HOLES_OFFSET + (long) hole * HOLE_STRIDE, expected, taken);
    }

    /// Makes a hole known, after its extent.
    ///
    /// @param entry      address of the entry
    /// @param hole       0 to [#HOLE_COUNT] - 1
    /// @param lapPlusOne lap + 1 of the lap in which the hole is
    // pairs with: SubBufferTable.holeLapAcquire
    public static void setHoleLapRelease(long entry, int hole, long lapPlusOne) {
        Words.setRelease(entry, HOLES_OFFSET + (long) hole * HOLE_STRIDE, lapPlusOne);
    }

    /// {@return offset in the sub-buffer << 32 | length}
    ///
    /// @param entry address of the entry
    /// @param hole  0 to [#HOLE_COUNT] - 1
    public static long holeExtentOpaque(long entry, int hole) {
        return Words.getOpaque(entry, HOLES_OFFSET + (long) hole * HOLE_STRIDE + 8);
    }

    /// Says where a hole is.
    ///
    /// @param entry  address of the entry
    /// @param hole   0 to [#HOLE_COUNT] - 1
    /// @param extent offset in the sub-buffer << 32 | length
    public static void setHoleExtentOpaque(long entry, int hole, long extent) {
        Words.setOpaque(entry, HOLES_OFFSET + (long) hole * HOLE_STRIDE + 8, extent);
    }
}
