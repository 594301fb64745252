package org.relayfs.layout;

/// One entry per sub-buffer: what has been committed, how it was closed and which bytes in it are holes.
///
/// ```
///    0 COMMIT   64-bit word, see Geometry; all writers of the sub-buffer add to it
///    8 INFO     lap << K | payload bytes, or all ones in the lower K bits: skipped; written by the closer
///   16 GIVEN_UP (lap + 1) << 1 of the last lap whose missing bytes were given up; bit 0: all of its bytes are a hole
///   64 HOLES    8 holes of 16 bytes: lap + 1, then offset << 32 | length
/// ```
public final class SubBufferTable {
    /// Commit word.
    public static final int COMMIT_OFFSET = 0;

    /// How the last closed lap ended.
    public static final int INFO_OFFSET = COMMIT_OFFSET + 8;

    /// (Lap + 1) << 1 of the last lap that was given up; bit 0 set when it is one hole from end to end.
    public static final int GIVEN_UP_OFFSET = INFO_OFFSET + 8;

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

    /// {@return the commit word, and all that was stored before the adds that made it}
    ///
    /// @param entry address of the entry
    // pairs with: SubBufferTable.commitGetAndAdd
    public static long commitVolatile(long entry) {
        return Words.getVolatile(entry + COMMIT_OFFSET);
    }

    /// Publishes what this thread has stored in the sub-buffer. All adds are read-modify-writes, hence one release
    /// sequence: who acquires the last value sees the bytes of every writer of the lap.
    ///
    /// @param entry address of the entry
    /// @param delta to add
    /// @return the word before
    // pairs with: SubBufferTable.commitVolatile
    public static long commitGetAndAdd(long entry, long delta) {
        return Words.getAndAdd(entry + COMMIT_OFFSET, delta);
    }

    /// {@return true when it was done}
    ///
    /// @param entry    address of the entry
    /// @param expected the word it must be
    /// @param word     the word it becomes
    public static boolean commitCompareAndSet(long entry, long expected, long word) {
        return Words.compareAndSet(entry + COMMIT_OFFSET, expected, word);
    }

    /// Fills a fresh entry, before the buffer goes live.
    ///
    /// @param entry address of the entry
    /// @param word  its first commit word
    public static void commitPlain(long entry, long word) {
        Words.setPlain(entry + COMMIT_OFFSET, word);
    }

    /// {@return how the last closed lap ended}
    ///
    /// @param entry address of the entry
    // pairs with: SubBufferTable.setInfoVolatile
    public static long infoVolatile(long entry) {
        return Words.getVolatile(entry + INFO_OFFSET);
    }

    /// Says how a lap ended.
    ///
    /// @param entry address of the entry
    /// @param info  how the lap ended
    // pairs with: SubBufferTable.infoVolatile
    public static void setInfoVolatile(long entry, long info) {
        Words.setVolatile(entry + INFO_OFFSET, info);
    }

    /// {@return (lap + 1) << 1 of the last lap given up; bit 0: all of it}
    ///
    /// @param entry address of the entry
    // pairs with: SubBufferTable.setGivenUpVolatile
    public static long givenUpVolatile(long entry) {
        return Words.getVolatile(entry + GIVEN_UP_OFFSET);
    }

    /// Marks a lap as given up.
    ///
    /// @param entry address of the entry
    /// @param mark  (lap + 1) << 1, and bit 0 when all of it is a hole; stored after its holes have been marked
    // pairs with: SubBufferTable.givenUpVolatile
    public static void setGivenUpVolatile(long entry, long mark) {
        Words.setVolatile(entry + GIVEN_UP_OFFSET, mark);
    }

    /// {@return lap + 1 of the lap in which the hole is}
    ///
    /// @param entry address of the entry
    /// @param hole  0 to [#HOLE_COUNT] - 1
    public static long holeLapAcquire(long entry, int hole) {
        return Words.getAcquire(entry + HOLES_OFFSET + (long) hole * HOLE_STRIDE);
    }

    /// {@return true when the place is the caller's}
    ///
    /// @param entry      address of the entry
    /// @param hole       0 to [#HOLE_COUNT] - 1
    /// @param expected   lap + 1 of an earlier lap
    /// @param lapPlusOne lap + 1 of the lap in which the hole is
    public static boolean holeLapCompareAndSet(long entry, int hole, long expected, long lapPlusOne) {
        return Words.compareAndSet(entry + HOLES_OFFSET + (long) hole * HOLE_STRIDE, expected, lapPlusOne);
    }

    /// {@return offset in the sub-buffer << 32 | length}
    ///
    /// @param entry address of the entry
    /// @param hole  0 to [#HOLE_COUNT] - 1
    // pairs with: SubBufferTable.holeExtentRelease
    public static long holeExtentAcquire(long entry, int hole) {
        return Words.getAcquire(entry + HOLES_OFFSET + (long) hole * HOLE_STRIDE + 8);
    }

    /// Says where a hole is.
    ///
    /// @param entry  address of the entry
    /// @param hole   0 to [#HOLE_COUNT] - 1
    /// @param extent offset in the sub-buffer << 32 | length
    // pairs with: SubBufferTable.holeExtentAcquire
    public static void holeExtentRelease(long entry, int hole, long extent) {
        Words.setRelease(entry + HOLES_OFFSET + (long) hole * HOLE_STRIDE + 8, extent);
    }
}
