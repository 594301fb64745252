package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.relayfs.buffer.BufferStats;

/// Writes that switch sub-buffers: each record is there once and whole, and the counters say so.
public class SwitchStress {
    /// Each record fills a sub-buffer, so that each write switches.
    @JCStressTest
    @Outcome(id = "8, 8, 12", expect = Expect.ACCEPTABLE, desc = "writer 1, then writer 2")
    @Outcome(id = "8, 8, 21", expect = Expect.ACCEPTABLE, desc = "writer 2, then writer 1")
    @State
    public static class WithASwitch {
        private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer1(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer2(LLL_Result r) {
            r.r2 = StressBuffers.write(writer, 2);
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r3 = StressBuffers.read(buffer);
        }
    }

    /// Room for one of two.
    @JCStressTest
    @Outcome(id = "8, -1, 1", expect = Expect.ACCEPTABLE, desc = "writer 1 takes the last room, writer 2 is refused")
    @Outcome(id = "-1, 8, 2", expect = Expect.ACCEPTABLE, desc = "writer 2 takes the last room, writer 1 is refused")
    @State
    public static class IntoTheLastRoom {
        private final RingBuffer buffer = StressBuffers.create(8, 1, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer1(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer2(LLL_Result r) {
            r.r2 = StressBuffers.write(writer, 2);
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r3 = StressBuffers.read(buffer);
        }
    }

    /// A client decides on each switch.
    @JCStressTest
    @Outcome(id = "8, 8, 12", expect = Expect.ACCEPTABLE, desc = "writer 1, then writer 2")
    @Outcome(id = "8, 8, 21", expect = Expect.ACCEPTABLE, desc = "writer 2, then writer 1")
    @State
    public static class ThroughAClient {
        private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false, start -> !start.isFull());
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer1(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer2(LLL_Result r) {
            r.r2 = StressBuffers.write(writer, 2);
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r3 = StressBuffers.read(buffer);
        }
    }

    /// The counters say what was done.
    @JCStressTest
    @Outcome(id = "2, 13, 1", expect = Expect.ACCEPTABLE, desc = "two records of 8 and 5 bytes, and one too big")
    @State
    public static class AndCounted {
        private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer1() {
            StressBuffers.write(writer, 1);
        }

        @Actor
        public void writer2() {
            StressBuffers.write(writer, 2, 5);
            StressBuffers.write(writer, 2, 9);
        }

        @Arbiter
        public void reader(III_Result r) {
            BufferStats stats = buffer.stats();
            r.r1 = (int) stats.records();
            r.r2 = (int) stats.bytesWritten();
            r.r3 = (int) stats.big();
        }
    }
}
