package org.relayfs.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;

/// Threads that fill channels with [NumberedRecords], each as fast as it can; where a buffer is full, it tries
/// again until the reader has made room.
final class RecordWriters implements AutoCloseable {
    private static final long PATIENCE_MS = 60_000;
    private static final long PAUSE_NS = 50_000;

    /// What stands before each record: nothing, or systemtap's header with a number over all threads.
    enum Framing {
        NONE,
        SYSTEMTAP
    }

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final AtomicInteger sequence = new AtomicInteger();
    private final LongAdder refusals = new LongAdder();
    private final Framing framing;
    private final int minLength;
    private final int maxLength;
    private final LongAdder written = new LongAdder();
    private BooleanSupplier enough = () -> false;
    private volatile boolean stopped;

    /// @param framing   what stands before each record
    /// @param maxLength of a record
    RecordWriters(Framing framing, int maxLength) {
        this(framing, NumberedRecords.HEADER_LENGTH, maxLength);
    }

    /// @param minLength of a record
    /// @param maxLength of a record
    RecordWriters(int minLength, int maxLength) {
        this(Framing.NONE, minLength, maxLength);
    }

    private RecordWriters(Framing framing, int minLength, int maxLength) {
        this.framing = framing;
        this.minLength = minLength;
        this.maxLength = maxLength;
    }

    /// Starts threads that write into one channel.
    ///
    /// @param channel the channel
    /// @param count   how many threads
    /// @param records how many each is to write
    /// @return this
    RecordWriters start(RelayChannel channel, int count, int records) {
        for (int i = 0; i < count; i++) {
            int thread = i;
            threads.add(Thread.ofPlatform().name("writer-" + i).start(() -> run(channel, thread, records)));
        }
        return this;
    }

    /// Lets each thread end before it has written all, at the first multiple of 1,024 at which this is true.
    ///
    /// @param condition asked by every thread
    /// @return this
    RecordWriters until(BooleanSupplier condition) {
        enough = condition;
        return this;
    }

    private void run(RelayChannel channel, int thread, int records) {
        SplittableRandom random = new SplittableRandom(thread);
        try {
            for (long number = 0; number < records && !stopped; number++) {
                if (number % 1024 == 1023 && enough.getAsBoolean()) {
                    return;
                }
                int length = random.nextInt(minLength, maxLength + 1);
                write(channel, framed(NumberedRecords.make(thread, number, length)));
                written.increment();
            }
        } catch (Throwable t) {
            synchronized (failures) {
                failures.add(t);
            }
        }
    }

    private byte[] framed(byte[] record) {
        if (framing == Framing.NONE) {
            return record;
        }
        return ByteBuffer.allocate(12 + record.length)
                .order(ByteOrder.nativeOrder())
                .put(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0xA9, (byte) 0xBA})
                .putInt(sequence.incrementAndGet())
                .putInt(record.length)
                .put(record)
                .array();
    }

    private void write(RelayChannel channel, byte[] record) {
        int result = channel.write(record);
        while (result < 0 && !stopped) {
            if (result == WriteResult.FULL || result == WriteResult.STRAGGLER) {
                refusals.increment();
            } else if (result != WriteResult.DISABLED) {
                throw new AssertionError("write: " + result);
            }
            LockSupport.parkNanos(PAUSE_NS);
            result = channel.write(record);
        }
    }

    /// {@return how many records were written}
    long written() {
        return written.sum();
    }

    /// Waits until all is written.
    ///
    /// @return how many attempts were refused for want of room
    /// @throws InterruptedException the test is ended
    long await() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " waits for room: nobody reads");
            }
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new AssertionError("a writer failed", failures.getFirst());
            }
        }
        return refusals.sum();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(PATIENCE_MS);
        }
    }
}
