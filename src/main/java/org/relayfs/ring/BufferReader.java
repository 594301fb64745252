package org.relayfs.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.relayfs.buffer.ReadySink;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.memory.RecordCopy;

/// The single reader state of a buffer: which bytes come next, and their consumption. Relay's `read`, with all
/// empty sub-buffers skipped and nothing torn ever returned. Any thread of the owning process; readers are
/// serialised and wait only for each other.
final class BufferReader {
    private static final int MAX_PIECES = 256;
    private static final int MAX_LAPPED = 3;

    private final Ring ring;
    private final Geometry geometry;
    private final Holes holes;

    // Protects the cursor (also in shared memory), the extents and the scratch. Innermost of the buffer's
    // locks: nothing but the sink is called under it.
    private final ReentrantLock lock = new ReentrantLock();
    private final Extents extents = new Extents();
    private final MemorySegment[] pieces = new MemorySegment[MAX_PIECES];

    // The cursor of the read in progress; stored when the sink has taken the bytes.
    private long position;
    private long offset;
    private long passed;
    // No sub-buffer from this position on is looked into.
    private long bound = Long.MAX_VALUE;
    // Of the read in progress, once it has copied.
    private MemorySegment scratch;

    BufferReader(Ring ring, Holes holes) {
        this.ring = ring;
        this.geometry = ring.geometry;
        this.holes = holes;
    }

    /// Runs an action that needs the cursor to stay where it is.
    void exclusively(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /// {@return bytes consumed}
    long read(long length, ReadySink sink) throws IOException {
        lock.lock();
        try {
            load();
            boolean copied = ring.overwrite;
            long total = gatherUpTo(length);
            if (!copied && extents.count() > MAX_PIECES) {
                total = copyAll(total, length);
                copied = true;
            }
            int count = copied ? (total == 0 ? 0 : 1) : extents.count();
            for (int i = 0; i < count; i++) {
                pieces[i] = copied ? scratch.asSlice(0, total) : piece(i);
            }
            boolean taken = sink.accept(pieces, count, total);
            if (taken || total == 0) {
                store(total);
            }
            return taken ? total : 0;
        } finally {
            Scratch.giveBack(scratch);
            scratch = null;
            lock.unlock();
        }
    }

    /// {@return true when a read would return bytes}
    boolean hasData() {
        lock.lock();
        try {
            load();
            bound = Long.MAX_VALUE;
            skipLapped();
            return gather(1) > 0;
        } finally {
            lock.unlock();
        }
    }

    /// `relay_subbufs_consumed`: the offset in the sub-buffer stays as it is, as in relay.
    void subBuffersConsumed(long count) {
        lock.lock();
        try {
            if (count < 0 || count > geometry.subBufferCount()) {
                return;
            }
            load();
            releaseTo(Math.min(position + count, Math.max(position, ring.delivered())), 0);
        } finally {
            lock.unlock();
        }
    }

    /// Gives back what was consumed in place: all before a position, which is read out then.
    void consumeTo(long target) {
        lock.lock();
        try {
            load();
            long end = Math.min(target, ring.delivered());
            long from = offset;
            offset = position < end ? 0 : offset;
            releaseTo(end, from);
        } finally {
            lock.unlock();
        }
    }

    // What was given up is passed over, as by a read.
    private void releaseTo(long end, long from) {
        long intact = ring.oldestIntact(ring.reserve());
        long released = 0;
        for (long first = from; position < end; position++, first = 0) {
            long payload = position >= intact ? ring.payload(position) : 0;
            passed += Math.max(0, payload - first);
            released += holes.outside(geometry.lapOf(position), geometry.indexOf(position), first, payload);
        }
        store(released);
    }

    /// Gathers bytes; if there are none, tries once more, but not beyond the position where an empty read ends.
    private long gatherUpTo(long length) {
        bound = Long.MAX_VALUE;
        long first = nothingNew();
        long total = gatherSafely(length);
        if (total == 0 && position > first) {
            load();
            bound = nothingNew();
            total = gatherSafely(length);
        }
        return total;
    }

    private long gatherSafely(long length) {
        return ring.overwrite ? gatherIntact(length) : gather(length);
    }

    /// Jumps to the oldest intact sub-buffer. As in relay, a read that finds nothing goes no further than over
    /// what it had lost, or over the one sub-buffer that had been read out; in any other case it skips all empty
    /// ones.
    ///
    /// @return the position at which a read that finds nothing ends at most
    private long nothingNew() {
        long loaded = position;
        boolean readOut = offset > 0;
        skipLapped();
        return position != loaded ? position : readOut ? position + 1 : Long.MAX_VALUE;
    }

    private void load() {
        position = ring.consumed();
        offset = ring.readOffset();
        passed = 0;
    }

    private void store(long read) {
        add(BufferHeader.READ_BYTES_OFFSET, read);
        add(BufferHeader.PASSED_BYTES_OFFSET, passed);
        BufferHeader.setWordOpaque(ring.region, BufferHeader.READ_OFFSET_OFFSET, offset);
        BufferHeader.consumedRelease(ring.region, position);
    }

    private void add(int wordOffset, long delta) {
        BufferHeader.setWordOpaque(ring.region, wordOffset, BufferHeader.wordOpaque(ring.region, wordOffset) + delta);
    }

    /// Collects up to `length` bytes from the cursor on and moves the cursor behind them.
    private long gather(long length) {
        extents.clear();
        // One sub-buffer after the other, each at most once.
        for (int left = geometry.subBufferCount(); left > 0 && extents.total() < length; left--) {
            if (!gatherFromOne(length)) {
                break;
            }
        }
        return extents.total();
    }

    /// {@return false when there is nothing more to come now}
    private boolean gatherFromOne(long length) {
        if (position >= bound) {
            return false;
        }
        boolean closed = position < ring.delivered();
        long limit = closed ? ring.payload(position) : ring.openBytes(position);
        if (!closed && limit <= offset) {
            return false;
        }
        if (offset < limit) {
            addUpTo(limit, length);
        }
        if (closed && offset >= limit) {
            position++;
            offset = 0;
        }
        return closed;
    }

    private void addUpTo(long limit, long length) {
        int index = geometry.indexOf(position);
        long lap = geometry.lapOf(position);
        boolean whole = holes.none();
        while (offset < limit && extents.total() < length) {
            long begin = whole ? offset : holes.endOfHole(lap, index, offset, limit);
            long end = whole ? limit : holes.nextHole(lap, index, begin, limit);
            long taken = Math.min(end - begin, length - extents.total());
            if (taken > 0) {
                extents.add(ring.address(index, begin), taken);
            }
            passed += begin + taken - offset;
            offset = begin + taken;
        }
    }

    private MemorySegment piece(int index) {
        long begin = extents.address(index) - ring.dataAddress;
        return ring.data.asSlice(begin, extents.length(index)).asReadOnly();
    }

    private long copyAll(long total, long length) {
        if (total > Scratch.SIZE) {
            load();
            skipLapped();
            total = gather(Math.min(length, Scratch.SIZE));
        }
        copyExtents(0);
        return total;
    }

    private void copyExtents(long filled) {
        if (scratch == null) {
            scratch = Scratch.take();
        }
        long to = filled;
        for (int i = 0; i < extents.count(); i++) {
            RecordCopy.copy(extents.address(i), scratch, to, extents.length(i));
            to += extents.length(i);
        }
    }

    /// Overwrite mode: copies one sub-buffer after the other and keeps a copy only when no later lap had begun in it.
    private long gatherIntact(long length) {
        long wanted = Math.min(length, Scratch.SIZE);
        long filled = 0;
        int lapped = 0;
        // Each sub-buffer is tried so often that only a word that never stands still can use it up.
        int tries = MAX_LAPPED * (geometry.subBufferCount() + MAX_LAPPED);
        while (filled < wanted && tries-- > 0) {
            long fromPosition = position;
            long fromOffset = offset;
            long fromPassed = passed;
            extents.clear();
            boolean more = gatherFromOne(wanted - filled);
            if (copyIntact(filled, fromPosition)) {
                filled += extents.total();
                lapped = 0;
                if (!more) {
                    break;
                }
            } else {
                position = fromPosition;
                offset = fromOffset;
                passed = fromPassed;
                if (filled > 0) {
                    break;
                }
                skipLapped();
                // Lapped again and again while copying: the oldest is always the next to go, so start further ahead.
                if (++lapped > MAX_LAPPED) {
                    position = Math.max(position, ring.delivered() - 1);
                    lapped = 0;
                }
            }
        }
        return filled;
    }

    private boolean copyIntact(long filled, long from) {
        copyExtents(filled);
        return ring.isIntact(from);
    }

    private void skipLapped() {
        long oldest = ring.oldestIntact(ring.reserve());
        if (position < oldest) {
            position = oldest;
            offset = 0;
        }
    }
}
