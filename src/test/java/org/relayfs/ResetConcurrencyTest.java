package org.relayfs;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;

/// A reset among writers and a reader: a record is gone with the old life or whole in the new one, and never comes
/// twice.
class ResetConcurrencyTest {
    private static final int WRITERS = 2;
    private static final int RESETS = 300;
    private static final int RECORDS = 10_000;
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final int RECORD = 2 * Long.BYTES;

    private final AtomicInteger running = new AtomicInteger(1);
    private volatile long arrived;

    /// A record is a number, which has its writer in the highest byte, and its complement.
    private long write(RelayChannel channel, long writer) {
        MemorySegment record = MemorySegment.ofArray(new long[2]);
        long number = 0;
        while (running.get() > 0) {
            long value = writer << 56 | number;
            record.setAtIndex(JAVA_LONG, 0, value);
            record.setAtIndex(JAVA_LONG, 1, ~value);
            int result = channel.write(record, 0, RECORD);
            if (result < 0 && result != WriteResult.FULL && result != WriteResult.STRAGGLER) {
                throw new AssertionError("write: " + result);
            }
            number += result > 0 ? 1 : 0;
        }
        return number;
    }

    private long read(ChannelBuffer buffer) {
        MemorySegment target = MemorySegment.ofArray(new long[8192]);
        long[] next = new long[WRITERS];
        long count = 0;
        while (running.get() > 0) {
            int length = buffer.read(target, 0, (int) target.byteSize());
            if (length % RECORD != 0) {
                throw new AssertionError("a read of " + length + " bytes");
            }
            for (int i = 0; i < length / RECORD; i++) {
                long value = target.getAtIndex(JAVA_LONG, 2L * i);
                int writer = (int) (value >>> 56);
                long number = value & -1L >>> 8;
                if (target.getAtIndex(JAVA_LONG, 2L * i + 1) != ~value || number < next[writer]) {
                    throw new AssertionError("record " + Long.toHexString(value) + " after " + next[writer]);
                }
                next[writer] = number + 1;
                arrived = ++count;
            }
        }
        return count;
    }

    /// Until there were enough of them, and enough records between them.
    private long reset(ChannelBuffer buffer) throws InterruptedException {
        long resets = 0;
        try {
            long deadline = System.nanoTime() + PATIENCE_NS;
            while ((resets < RESETS || arrived < RECORDS) && System.nanoTime() - deadline < 0) {
                buffer.reset();
                resets++;
                Thread.sleep(0, 500_000);
            }
        } finally {
            running.set(0);
        }
        return resets;
    }

    @ParameterizedTest
    @EnumSource
    void aRecordIsGoneOrWhole(ChannelMode mode) throws Exception {
        ChannelConfig config = ChannelConfig.of(1024, 8).withGlobal(true).withMode(mode);
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", config);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            List<Callable<Long>> bodies = new ArrayList<>();
            for (long writer = 0; writer < WRITERS; writer++) {
                long number = writer;
                bodies.add(() -> write(channel, number));
            }
            bodies.add(() -> read(buffer));
            bodies.add(() -> reset(buffer));
            List<Long> counts = new ArrayList<>();
            for (Future<Long> result : threads.invokeAll(bodies, 60, TimeUnit.SECONDS)) {
                counts.add(result.get());
            }
            assertThat(counts.get(WRITERS)).as("records read").isGreaterThanOrEqualTo(RECORDS);
            assertThat(counts.getLast()).as("resets").isGreaterThanOrEqualTo(RESETS);
        }
    }
}
