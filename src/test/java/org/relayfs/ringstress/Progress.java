package org.relayfs.ringstress;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What each writer has been told so far, in a mapped file: it outlives a writer that is killed. A line a writer.
final class Progress {
    static final int MAX_WRITERS = 4096;
    private static final int LINE = 128;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    private Progress(MemorySegment memory) {
        this.memory = memory;
    }

    static Progress open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return new Progress(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) MAX_WRITERS * LINE, Arena.global()));
        }
    }

    /// What is counted.
    enum Count {
        /// Records that were taken. Written last, after their numbers below it are all in the ring.
        ACCEPTED,
        /// Their bytes.
        ACCEPTED_BYTES,
        /// Attempts refused because the buffer was full.
        FULL,
        /// Attempts refused because the record was too big.
        BIG,
        /// Attempts refused because somebody was in every sub-buffer.
        STRAGGLER,
        /// Bytes of all refused attempts.
        LOST_BYTES,
        /// Reservations given back.
        ABORTED
    }

    @SuppressWarnings("EnumOrdinal") // its place in the line
    long get(int writer, Count count) {
        return (long) LONG.getAcquire(memory, (long) writer * LINE + count.ordinal() * 8L);
    }

    @SuppressWarnings("EnumOrdinal")
    void add(int writer, Count count, long delta) {
        LONG.setRelease(memory, (long) writer * LINE + count.ordinal() * 8L, get(writer, count) + delta);
    }

    long sum(Count count) {
        long sum = 0;
        for (int writer = 0; writer < MAX_WRITERS; writer++) {
            sum += get(writer, count);
        }
        return sum;
    }
}
