package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;

/// The pieces of a sub-buffer that are records: what lies between its holes. Collected from words that may belong to
/// another lap by now, so they are bounded, and who uses them asks [RingView#isIntact] afterwards. For one thread.
final class SubBufferPieces {
    private static final int MAX_PIECES = SubBufferTable.HOLE_COUNT + 1;

    private final RingView ring;
    private final Geometry geometry;
    private final Holes holes;
    private final Extents extents = new Extents();
    private final MemorySegment[] pieces = new MemorySegment[MAX_PIECES];

    SubBufferPieces(RingView ring) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.holes = new Holes(ring);
    }

    void clear() {
        extents.clear();
    }

    /// Collects what is there.
    ///
    /// @param offset where to begin
    /// @param limit  where to end at most, no more than S
    /// @param length at most so many bytes
    /// @return where it ends
    long collect(long position, long offset, long limit, long length) {
        int index = geometry.indexOf(position);
        long lap = geometry.lapOf(position);
        boolean whole = holes.none();
        // As many steps as there can be holes and bytes between them, whatever the words say.
        for (int step = 0; step < MAX_PIECES && offset < limit && extents.total() < length; step++) {
            long begin = whole ? offset : holes.endOfHole(lap, index, offset, limit);
            long end = whole ? limit : holes.nextHole(lap, index, begin, limit);
            long taken = Math.min(end - begin, length - extents.total());
            if (taken > 0) {
                extents.add(ring.address(index, begin), taken);
            }
            offset = begin + taken;
        }
        return offset;
    }

    int count() {
        return extents.count();
    }

    long total() {
        return extents.total();
    }

    /// Copies all that was collected.
    void copyTo(MemorySegment target, long offset) {
        long to = offset;
        for (int i = 0; i < extents.count(); i++) {
            RecordCopy.copy(extents.address(i), target, to, extents.length(i));
            to += extents.length(i);
        }
    }

    /// {@return read-only views, of which the first [#count()] are valid}
    MemorySegment[] pieces() {
        for (int i = 0; i < extents.count(); i++) {
            long begin = extents.address(i) - ring.dataAddress;
            pieces[i] = ring.data.asSlice(begin, extents.length(i)).asReadOnly();
        }
        return pieces;
    }
}
