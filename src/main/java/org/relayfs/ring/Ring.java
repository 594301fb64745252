package org.relayfs.ring;

import java.lang.foreign.MemorySegment;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.MappedFile;

/// A buffer's words and bytes as its owner and its writers use them. Not final, so that tests can step in between two
/// of its answers.
class Ring extends RingView {
    /// This process' slot in the channel header, in place for an in-flight extent.
    final long processBits;
    /// Who is alive.
    final ProcessTable processes;
    /// This process's entries of the in-flight table.
    final InFlight inFlight;

    Ring(
            Geometry geometry,
            boolean overwrite,
            MappedFile meta,
            long regionOffset,
            MemorySegment data,
            ProcessTable processes) {
        super(geometry, overwrite, meta, regionOffset, data);
        this.processes = processes;
        this.processBits = (long) processes.slot() << 32;
        this.inFlight = new InFlight(region, meta.address(), processes.slot());
    }

    long info(long lap, long payload) {
        return lap << geometry.offsetBits() | payload;
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

    void count(int counterOffset, long delta) {
        if (delta != 0) {
            BufferHeader.counterGetAndAdd(region, counterOffset, delta);
        }
    }
}
