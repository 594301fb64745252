package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// What is behind a writer that is still copying is not seen either, and a reservation not before its commit.
public class BehindOthersStress {
    /// Two writers, one reader.
    @JCStressTest
    @Outcome(id = "-", expect = Expect.ACCEPTABLE, desc = "reader first, or while somebody was still copying")
    @Outcome(
            id = {"1", "2"},
            expect = Expect.ACCEPTABLE,
            desc = "a writer, then the reader, then the other")
    @Outcome(
            id = {"12", "21"},
            expect = Expect.ACCEPTABLE,
            desc = "both writers, then the reader")
    @State
    public static class BehindAnotherWriter {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer1() {
            StressBuffers.write(writer, 1, 24);
        }

        @Actor
        public void writer2() {
            StressBuffers.write(writer, 2, 24);
        }

        @Actor
        public void reader(L_Result r) {
            r.r1 = StressBuffers.readOnce(buffer, 24);
        }
    }

    /// A reservation that is filled in place.
    @JCStressTest
    @Outcome(id = "-", expect = Expect.ACCEPTABLE, desc = "reader before the commit")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "reader after the commit")
    @State
    public static class InAReservation {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RingReservation reservation = new RingReservation();

        @Actor
        public void writer() {
            buffer.reserve(reservation, 16);
            reservation.putLong(8, 0x0101010101010101L);
            reservation.putLong(0, 0x0101010101010101L);
            reservation.commit();
        }

        @Actor
        public void reader(L_Result r) {
            r.r1 = StressBuffers.readOnce(buffer, 16);
        }
    }
}
