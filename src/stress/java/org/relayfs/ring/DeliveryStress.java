package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// What is complete is delivered, and whoever waits is told.
public class DeliveryStress {
    /// Two neighbours that are completed at the same moment are both delivered.
    @JCStressTest
    @Outcome(id = "2, 12", expect = Expect.ACCEPTABLE, desc = "whoever was last delivered both")
    @State
    public static class NeverBehindEither {
        private final RingBuffer buffer = StressBuffers.create(16, 4, 0, false);
        private final RingReservation first = new RingReservation();
        private final RingReservation second = new RingReservation();

        /// Two closed sub-buffers with a reservation in each.
        public NeverBehindEither() {
            buffer.reserve(first, 16);
            buffer.reserve(second, 16);
            buffer.flush();
        }

        private static void commit(RingReservation reservation, long bytes) {
            reservation.putLong(0, bytes);
            reservation.putLong(8, bytes);
            reservation.commit();
        }

        @Actor
        public void writer1() {
            commit(first, 0x0101010101010101L);
        }

        @Actor
        public void writer2() {
            commit(second, 0x0202020202020202L);
        }

        @Arbiter
        public void reader(LL_Result r) {
            r.r1 = (int) buffer.produced();
            r.r2 = StressBuffers.read(buffer, 16);
        }
    }

    /// Arm, then look; deliver, then look whether somebody is armed.
    @JCStressTest
    @Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "delivered before it was armed: seen, not told")
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "both: seen and told")
    @Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "armed and looked before the delivery: told")
    @State
    public static class NoMissedWakeup {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private volatile int told;

        /// Whoever delivers tells.
        public NoMissedWakeup() {
            buffer.setDeliveryListener(delivered -> told++);
        }

        @Actor
        public void waiter(ZI_Result r) {
            buffer.armWakeup();
            r.r1 = buffer.isReadable();
        }

        @Actor
        public void writer() {
            buffer.flush();
        }

        @Arbiter
        public void result(ZI_Result r) {
            r.r2 = told;
        }
    }
}
