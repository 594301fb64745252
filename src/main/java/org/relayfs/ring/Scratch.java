package org.relayfs.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/// Memory for reads that have to copy: as many pieces as reads are under way at once, not one for each buffer. Any
/// thread.
final class Scratch {
    /// Bytes of each piece, and so of the longest read that copies.
    static final int SIZE = 1 << 20;

    private static final int MAX_KEPT = 8;

    private static final MpmcVarHandleArrayQueue<MemorySegment> FREE = new MpmcVarHandleArrayQueue<>(MAX_KEPT);

    private Scratch() {}

    /// {@return a piece for the caller alone, until it is given back; what is in it is anything}
    static MemorySegment take() {
        MemorySegment free = FREE.poll();
        return free != null ? free : Arena.ofAuto().allocate(SIZE);
    }

    /// Gives a piece back; one too many is left to the garbage collector.
    ///
    /// @param scratch what [#take] returned, or null
    static void giveBack(MemorySegment scratch) {
        if (scratch != null) {
            FREE.offer(scratch);
        }
    }
}
