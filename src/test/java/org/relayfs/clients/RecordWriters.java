package org.relayfs.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int BLKTRACE_2005_HEAD = 64;
    private static final int BLKTRACE_2005_MAGIC = 0x65617401;

    /// What stands before each record: nothing, systemtap's header with a number over all threads, that of its stpd,
    /// or the first blktrace's.
    enum Framing {
        NONE,
        SYSTEMTAP,
        STPD,
        BLKTRACE_2005
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
        ByteBuffer framed =
                ByteBuffer.allocate(BLKTRACE_2005_HEAD + record.length).order(ByteOrder.nativeOrder());
        switch (framing) {
            case SYSTEMTAP -> framed.put(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0xA9, (byte) 0xBA});
            case BLKTRACE_2005 -> framed.putInt(BLKTRACE_2005_MAGIC);
            default -> {
                // Nothing else.
            }
        }
        framed.putInt(sequence.incrementAndGet());
        if (framing == Framing.BLKTRACE_2005) {
            framed.position(BLKTRACE_2005_HEAD - Integer.BYTES);
        }
        framed.putInt(record.length).put(record);
        return Arrays.copyOf(framed.array(), framed.position());
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
