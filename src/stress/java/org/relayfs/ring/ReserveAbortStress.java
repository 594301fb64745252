package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// An aborted reservation leaves no bytes in the stream; a committed one is whole.
@JCStressTest
@Outcome(
        id = {"12", "21"},
        expect = ACCEPTABLE,
        desc = "the written and the committed record, nothing else")
@Outcome(expect = FORBIDDEN, desc = "aborted bytes were delivered, or a record is lost or torn")
@State
public class ReserveAbortStress {
    private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes.
    @Actor
    public void write() {
        StressBuffers.write(writer, 1);
    }

    /// Reserves and aborts, reserves and commits.
    @Actor
    public void reserve() {
        RingReservation reservation = new RingReservation();
        buffer.reserve(reservation, 8);
        reservation.putLong(0, -1);
        reservation.abort();
        buffer.reserve(reservation, 8);
        reservation.putLong(0, 0x0202020202020202L);
        reservation.commit();
    }

    /// Reads all.
    ///
    /// @param result what was read
    @Arbiter
    public void read(L_Result result) {
        result.r1 = StressBuffers.readAll(buffer);
    }
}
