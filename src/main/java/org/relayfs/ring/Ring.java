package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.MappedFile;

/// The addresses of one buffer's words and bytes, and what can be read from them directly. Immutable except for
/// the memory it refers to, which stays mapped while the object is reachable. Not final, so that tests can step in
/// between two of its answers.
class Ring {
    private static final int MAX_TRIES = 1000;

    final Geometry geometry;
    final MappedFile meta;
    /// The data bytes: a file of its own, or a part of one.
    final MemorySegment data;
    /// Address of the buffer's region in `meta`.
    final long region;
    /// Address of the first data byte.
    final long dataAddress;
    /// This process' slot in the channel header, in place for an in-flight extent.
    final long processBits;
    /// Who is alive.
    final ProcessTable processes;
    /// This process's entries of the in-flight table.
    final InFlight inFlight;
    /// What all entries say.
    final Announced announced;
    /// True when sub-buffers may be used again before they were consumed.
    final boolean overwrite;
    /// Whether somebody has written what nobody may write.
    final Damage damage = new Damage();
    /// The last reserve word that was checked: most looks find it again. Any thread stores it, after the check.
    private long sound;

    Ring(
            Geometry geometry,
            boolean overwrite,
            MappedFile meta,
            long regionOffset,
            MemorySegment data,
            ProcessTable processes) {
        this.geometry = geometry;
        this.overwrite = overwrite;
        this.meta = meta;
        this.processes = processes;
        this.data = data;
        this.region = meta.address() + regionOffset;
        this.dataAddress = data.address();
        this.processBits = (long) processes.slot() << 32;
        this.inFlight = new InFlight(region, meta.address(), processes.slot());
        this.announced = new Announced(geometry, region, meta.address());
        this.sound = geometry.reserveWord(0, 0, geometry.closedOffset(), 0);
    }

    /// The reserve word. Untrusted, like every word of the shared memory: bounded here, where it is read.
    ///
    /// @throws DamagedBufferException it cannot be one
    long reserve() {
        long word = BufferHeader.reserveVolatile(region);
        if (word != sound || damage.isFound()) {
            sound = damage.check(geometry, word);
        }
        return word;
    }

    /// Position up to which all is delivered: at most the one after the current.
    ///
    /// @throws DamagedBufferException it is none
    long delivered() {
        long position = BufferHeader.deliveredVolatile(region);
        // The reserve word is read after it and never goes back.
        long next = geometry.position(reserve()) + 1;
        return damage.check("DELIVERED", position, next);
    }

    /// Position of the reader: at most where a reset is about to begin.
    ///
    /// @throws DamagedBufferException it is none
    long consumed() {
        long position = BufferHeader.consumedAcquire(region);
        long last = geometry.position(reserve()) + geometry.subBufferCount();
        return damage.check("CONSUMED", position, last);
    }

    /// Bytes that the reader has taken from its sub-buffer.
    ///
    /// @throws DamagedBufferException more than it can hold
    long readOffset() {
        long offset = BufferHeader.wordOpaque(region, BufferHeader.READ_OFFSET_OFFSET);
        return damage.check("READ_OFFSET", offset, geometry.subBufferSize());
    }

    long entry(int index) {
        return SubBufferTable.entry(region, index);
    }

    /// Address of a byte of a sub-buffer.
    long address(int index, long offset) {
        return dataAddress + index * geometry.subBufferSize() + offset;
    }

    /// P by relay's definition, from one reserve word: how many sub-buffers have been closed.
    long closedPosition(long word) {
        return geometry.position(word) + (geometry.isOpen(word) ? 0 : 1);
    }

    /// `relay_buf_full`: every sub-buffer is closed and none of them consumed.
    boolean isFull(long word) {
        return closedPosition(word) - BufferHeader.consumedAcquire(region) >= geometry.subBufferCount();
    }

    /// Oldest position whose bytes no later lap has touched.
    long oldestIntact(long word) {
        return geometry.position(word) - geometry.subBufferCount() + 1;
    }

    /// True when the sub-buffer that `word` names was thrown away by a reset.
    boolean isThrownAway(long word) {
        return geometry.position(word) < BufferHeader.wordOpaque(region, BufferHeader.BASE_OFFSET);
    }

    long info(long lap, long payload) {
        return lap << geometry.offsetBits() | payload;
    }

    long infoLap(long info) {
        return info >>> geometry.offsetBits();
    }

    /// The last lap of which it is said how it ended, of the sub-buffer that a reserve word names.
    long infoOf(long word) {
        return infoLap(SubBufferTable.infoVolatile(entry(geometry.index(word))));
    }

    /// Payload bytes of a closed and complete sub-buffer, header included; 0 for one that was skipped. A late closer
    /// of an earlier lap may have stored its INFO over the mark of a skip: any other lap than ours means skipped.
    long payload(long position) {
        long lap = geometry.lapOf(position);
        long info = SubBufferTable.infoVolatile(entry(geometry.indexOf(position)));
        long payload = info & geometry.offsetMask();
        return info >>> geometry.offsetBits() == lap && payload <= geometry.subBufferSize() ? payload : 0;
    }

    /// True when the sub-buffer at `position` was closed or skipped, and its payload is known.
    boolean isClosed(long position) {
        return infoLap(SubBufferTable.infoVolatile(entry(geometry.indexOf(position)))) == geometry.lapOf(position);
    }

    /// True when nothing more will come to a sub-buffer: closed and left by all, skipped, given up or already lapped.
    boolean isComplete(long position) {
        long lap = geometry.lapOf(position);
        int index = geometry.indexOf(position);
        long info = SubBufferTable.infoVolatile(entry(index));
        if (infoLap(info) == lap
                && ((info & geometry.offsetMask()) == geometry.offsetMask()
                        || SubBufferTable.completeVolatile(entry(index)) > lap
                        || announced.nobodyAt(position) && markComplete(index, lap))) {
            return true;
        }
        return isGivenUp(position) || geometry.position(reserve()) - position >= geometry.subBufferCount();
    }

    /// True when a sub-buffer can be opened: nobody is in any of its earlier laps.
    ///
    /// @param lap in which it is going to be opened
    boolean isFree(int index, long lap) {
        return SubBufferTable.completeVolatile(entry(index)) >= lap
                || announced.nobodyBefore(index, lap) && markComplete(index, lap - 1);
    }

    // "Nobody found" is kept: a writer whose CAS is going to fail may announce itself there later.
    private boolean markComplete(int index, long lap) {
        long entry = entry(index);
        long mark = SubBufferTable.completeVolatile(entry);
        while (mark <= lap && !SubBufferTable.completeCompareAndSet(entry, mark, lap + 1)) {
            mark = SubBufferTable.completeVolatile(entry);
        }
        return true;
    }

    /// True when the bytes that the sub-buffer at `position` owes were given up.
    boolean isGivenUp(long position) {
        long mark = SubBufferTable.givenUpVolatile(entry(geometry.indexOf(position)));
        return mark >>> 1 == geometry.lapOf(position) + 1;
    }

    /// How many bytes of the sub-buffer at `position` can be read while it is open: all before the first that a writer
    /// is still copying; -1 when it is not open.
    ///
    /// A reservation that is given back makes the reserve word smaller again. Its writer counts that before it
    /// leaves. So if none was counted meanwhile, whoever has reserved bytes before the word is still announced,
    /// or has stored them.
    long openBytes(long position) {
        for (int i = 0; i < MAX_TRIES; i++) {
            long returned = BufferHeader.wordVolatile(region, BufferHeader.RETURNED_OFFSET);
            long word = reserve();
            if (geometry.position(word) != position || !geometry.isOpen(word)) {
                return -1;
            }
            long settled = announced.settled(word);
            if (BufferHeader.wordVolatile(region, BufferHeader.RETURNED_OFFSET) == returned) {
                return settled;
            }
        }
        return -1;
    }

    void count(int counterOffset, long delta) {
        if (delta != 0) {
            BufferHeader.counterGetAndAdd(region, counterOffset, delta);
        }
    }
}
