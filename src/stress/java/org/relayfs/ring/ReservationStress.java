package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// Reservations that are finished while the word moves: by a flush, or back to an earlier value.
public class ReservationStress {
    /// The same while the sub-buffer is closed.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "undone before the flush, or reserved after it")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed with the reservation in it: a hole")
    @State
    public static class AbortAgainstAFlush {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RingReservation reservation = new RingReservation();

        @Actor
        public void aborter() {
            buffer.reserve(reservation, 16);
            reservation.abort();
        }

        @Actor
        public void flusher() {
            buffer.flush();
        }

        @Arbiter
        public void reader(II_Result r) {
            r.r1 = StressBuffers.read(buffer).isEmpty() ? (int) buffer.produced() : -1;
            r.r2 = (int) buffer.stats().abandoned();
        }
    }

    /// The word goes back to an earlier value while another writer holds that value.
    @JCStressTest
    @Outcome(
            id = {"12", "21"},
            expect = Expect.ACCEPTABLE,
            desc = "both records, whole, once")
    @State
    public static class AbortBetweenTwoWriters {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);
        private final RingReservation reservation = new RingReservation();

        @Actor
        public void aborter() {
            buffer.reserve(reservation, 8);
            reservation.abort();
        }

        @Actor
        public void writer1() {
            StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer2() {
            StressBuffers.write(writer, 2);
        }

        @Arbiter
        public void reader(L_Result r) {
            r.r1 = StressBuffers.readOnce(buffer);
        }
    }

    /// A committed one is delivered once, by whoever completes its sub-buffer.
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "delivered and counted once")
    @State
    public static class CommitAgainstAFlush {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RingReservation reservation = new RingReservation();

        /// It is reserved already.
        public CommitAgainstAFlush() {
            buffer.reserve(reservation, 8);
        }

        @Actor
        public void committer() {
            reservation.putLong(0, 0x0101010101010101L);
            reservation.commit();
        }

        @Actor
        public void flusher() {
            buffer.flush();
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r1 = (int) buffer.produced();
            r.r2 = StressBuffers.read(buffer);
            r.r3 = (int) buffer.stats().records();
        }
    }
}
