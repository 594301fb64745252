package org.relayfs.ringstress;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.ring.RingReservation;
import org.relayfs.ringstress.Progress.Count;

/// One writing thread: records of random size, numbered without gaps as they are accepted, by all ways of writing.
final class StressWriter implements Runnable {
    private static final int NONE = 0;

    /// The ways to write that both kinds of channels have.
    interface Target {
        int write(byte[] source, int offset, int length);

        int write(MemorySegment source, long offset, int length);

        int reserve(Reservation reservation, int length);
    }

    static Target targetOf(RelayChannel channel) {
        return new Target() {
            @Override
            public int write(byte[] source, int offset, int length) {
                return channel.write(source, offset, length);
            }

            @Override
            public int write(MemorySegment source, long offset, int length) {
                return channel.write(source, offset, length);
            }

            @Override
            public int reserve(Reservation reservation, int length) {
                return channel.reserve(reservation, length);
            }
        };
    }

    private final Target target;
    private final int writer;
    private final Progress progress;
    private final boolean aborts;
    private final int direct;
    private final int bigLength;
    private final BooleanSupplier goOn;
    private final SplittableRandom random;
    private final byte[] record;
    private final Reservation reservation = new RingReservation();

    /// @param aborts    true to give some reservations back
    /// @param direct    how many of 1024 records are written; the others are reserved and filled in place
    /// @param bigLength length of a record that is too big for a sub-buffer
    StressWriter(
            Target target,
            int writer,
            Progress progress,
            boolean aborts,
            int direct,
            int bigLength,
            BooleanSupplier goOn) {
        this.target = target;
        this.writer = writer;
        this.progress = progress;
        this.aborts = aborts;
        this.direct = direct;
        this.bigLength = bigLength;
        this.goOn = goOn;
        this.random = new SplittableRandom(writer);
        this.record = new byte[Math.max(bigLength, StressRecord.MAX_LENGTH)];
    }

    @Override
    public void run() {
        long number = 0;
        int refused = 0;
        while (goOn.getAsBoolean()) {
            int length = random.nextInt(64) == 0
                    ? random.nextInt(StressRecord.HEADER, StressRecord.MAX_LENGTH + 1)
                    : random.nextInt(StressRecord.HEADER, 100);
            int kind = random.nextInt(1024);
            int result = kind == 0 ? target.write(record, 0, bigLength) : write(kind, length, number);
            if (result > NONE) {
                number++;
                refused = 0;
                progress.add(writer, Count.ACCEPTED_BYTES, length);
                progress.add(writer, Count.ACCEPTED, 1);
            } else if (result < NONE) {
                count(result, kind == 0 ? bigLength : length);
                pause(++refused);
            }
        }
    }

    // NONE: neither taken nor refused.
    private int write(int kind, int length, long number) {
        if (kind < direct) {
            StressRecord.fill(record, length, writer, number);
            return (kind & 3) != 0
                    ? target.write(record, 0, length)
                    : target.write(MemorySegment.ofArray(record), 0, length);
        }
        int result = target.reserve(reservation, length);
        if (result < 0) {
            return result;
        }
        if (aborts && kind >= 1020) {
            reservation.abort();
            progress.add(writer, Count.ABORTED, 1);
            return NONE;
        }
        StressRecord.fill(record, length, writer, number);
        reservation.putBytes(0, record, 0, length);
        reservation.commit();
        return result;
    }

    private void count(int result, int length) {
        Count count = switch (result) {
            case WriteResult.FULL -> Count.FULL;
            case WriteResult.TOO_BIG -> Count.BIG;
            case WriteResult.STRAGGLER -> Count.STRAGGLER;
            default -> throw new AssertionError("result " + result);
        };
        progress.add(writer, Count.LOST_BYTES, length);
        progress.add(writer, count, 1);
    }

    private static void pause(int refused) {
        if (refused % 8 == 0) {
            LockSupport.parkNanos(20_000);
        } else {
            Thread.yield();
        }
    }
}
