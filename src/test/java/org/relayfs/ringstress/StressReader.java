package org.relayfs.ringstress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.relayfs.buffer.ChannelBuffer;

/// Reads all buffers of a channel and checks each record as it comes: whole, and after the last one of its writer in
/// that buffer.
final class StressReader {
    private static final int CHUNK = 1 << 20;

    private final Supplier<List<ChannelBuffer>> buffers;
    private final boolean inPieces;
    private final SplittableRandom random = new SplittableRandom(1);
    private final MemorySegment[] chunks = new MemorySegment[RecordLedger.MAX_CPUS];
    private final long[] carried = new long[RecordLedger.MAX_CPUS];
    private final RecordLedger ledger = new RecordLedger();
    private long bytes;

    /// @param inPieces true to read lengths that cut records; not for overwrite mode, where what follows may be lost
    StressReader(Supplier<List<ChannelBuffer>> buffers, boolean inPieces) {
        this.buffers = buffers;
        this.inPieces = inPieces;
    }

    /// Reads what there is.
    ///
    /// @return bytes read
    long readAll() {
        long read = 0;
        for (ChannelBuffer buffer : buffers.get()) {
            read += readOne(buffer);
        }
        return read;
    }

    private long readOne(ChannelBuffer buffer) {
        int cpu = buffer.cpu();
        if (chunks[cpu] == null) {
            chunks[cpu] = Arena.ofAuto().allocate(CHUNK + StressRecord.MAX_LENGTH);
        }
        MemorySegment chunk = chunks[cpu];
        int length = inPieces && random.nextInt(4) == 0 ? random.nextInt(1, 10_000) : CHUNK;
        int read = buffer.read(chunk, carried[cpu], length);
        long filled = carried[cpu] + read;
        long used = StressRecord.parse(chunk, filled, (writer, number, size) -> ledger.record(cpu, writer, number));
        if (used != filled && !inPieces) {
            throw new AssertionError("torn: " + (filled - used) + " bytes at the end of a read of CPU " + cpu);
        }
        MemorySegment.copy(chunk, used, chunk, 0, filled - used);
        carried[cpu] = filled - used;
        bytes += read;
        return read;
    }

    /// Reads until there is nothing for `quietMs`.
    void drain(long quietMs) {
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < quietMs * 1_000_000) {
            if (readAll() > 0) {
                quietSince = System.nanoTime();
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        for (ChannelBuffer buffer : buffers.get()) {
            if (carried[buffer.cpu()] != 0) {
                throw new AssertionError("torn: the last record of CPU " + buffer.cpu());
            }
        }
    }

    long count(int writer) {
        return ledger.count(writer);
    }

    long bytes() {
        return bytes;
    }

    /// True when exactly the records 0 to `count` - 1 of a writer were read.
    boolean hasExactlyTheFirst(int writer, long count) {
        return ledger.hasExactlyTheFirst(writer, count);
    }
}
