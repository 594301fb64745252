package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/// Closing and disabling against more than a plain write: what was accepted is readable to the last byte.
public class CloseStress {
    /// A write that switches.
    @JCStressTest
    @Outcome(id = "8, 12", expect = Expect.ACCEPTABLE, desc = "write, then close: readable")
    @Outcome(id = "-5, 1", expect = Expect.ACCEPTABLE, desc = "close, then write: refused, what was there is readable")
    @State
    public static class AgainstASwitch {
        private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        /// The first sub-buffer is full.
        public AgainstASwitch() {
            StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer(LL_Result r) {
            r.r1 = StressBuffers.write(writer, 2);
        }

        @Actor
        public void closer() {
            buffer.finalizeBuffer();
        }

        @Arbiter
        public void reader(LL_Result r) {
            r.r2 = StressBuffers.read(buffer);
        }
    }

    /// A reservation.
    @JCStressTest
    @Outcome(id = "16, 1", expect = Expect.ACCEPTABLE, desc = "reserve, close, commit in any order: readable")
    @Outcome(id = "-5, ", expect = Expect.ACCEPTABLE, desc = "close, then reserve: refused")
    @State
    public static class AgainstAReservation {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RingReservation reservation = new RingReservation();

        @Actor
        public void writer(LL_Result r) {
            r.r1 = buffer.reserve(reservation, 16);
            if (reservation.isOpen()) {
                reservation.putLong(0, 0x0101010101010101L);
                reservation.putLong(8, 0x0101010101010101L);
                reservation.commit();
            }
        }

        @Actor
        public void closer() {
            buffer.finalizeBuffer();
        }

        @Arbiter
        public void reader(LL_Result r) {
            r.r2 = StressBuffers.read(buffer, 16);
        }
    }

    /// Disabling and a flush, as a channel does it: everything that was accepted can be polled.
    @JCStressTest
    @Outcome(id = "8, 1, 1", expect = Expect.ACCEPTABLE, desc = "write, then disable: delivered")
    @Outcome(id = "-4, 1, ", expect = Expect.ACCEPTABLE, desc = "disable, then write: refused; the flush is empty")
    @State
    public static class DisableAgainstAWrite {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 1);
        }

        @Actor
        public void disabler() {
            buffer.setLive(false);
            buffer.flush();
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r2 = (int) buffer.produced();
            r.r3 = StressBuffers.read(buffer);
        }
    }
}
