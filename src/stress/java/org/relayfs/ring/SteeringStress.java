package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/// Flush, reset and reading where they meet a switch: each as if it came before or after.
public class SteeringStress {
    /// The only sub-buffer: it is closed before it can be opened again, and somebody may come between.
    @JCStressTest
    @Outcome(id = "8, 1, 1", expect = Expect.ACCEPTABLE, desc = "flush, then write: the record is in the open one")
    @Outcome(id = "8, 1, ", expect = Expect.ACCEPTABLE, desc = "write, then flush: overwritten by the open one")
    @State
    public static class FlushOfTheOnlySubBuffer {
        private final RingBuffer buffer = StressBuffers.create(64, 1, 0, true);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 1);
        }

        @Actor
        public void flusher() {
            buffer.flush();
        }

        @Arbiter
        public void reader(LLL_Result r) {
            r.r2 = (int) buffer.produced();
            r.r3 = StressBuffers.read(buffer);
        }
    }

    /// A reset of a full buffer and a write that has to switch.
    @JCStressTest
    @Outcome(id = "8, 3", expect = Expect.ACCEPTABLE, desc = "reset, then write: in the new life")
    @Outcome(id = "8, ", expect = Expect.ACCEPTABLE, desc = "write into what is being thrown away")
    @Outcome(id = "-1, ", expect = Expect.ACCEPTABLE, desc = "write, then reset: refused")
    @State
    public static class ResetOfAFullBuffer {
        private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        /// Both sub-buffers are full.
        public ResetOfAFullBuffer() {
            StressBuffers.write(writer, 1);
            StressBuffers.write(writer, 2);
        }

        @Actor
        public void writer(LL_Result r) {
            r.r1 = StressBuffers.write(writer, 3);
        }

        @Actor
        public void resetter() {
            buffer.reset();
        }

        @Arbiter
        public void reader(LL_Result r) {
            r.r2 = StressBuffers.read(buffer);
        }
    }

    /// The same by reading: no byte that is being read is overwritten.
    @JCStressTest
    @Outcome(id = "8, 12, 3", expect = Expect.ACCEPTABLE, desc = "read, then write: read later")
    @Outcome(
            id = "8, 123, ",
            expect = Expect.ACCEPTABLE,
            desc = "write while room was being made: the same read goes on")
    @Outcome(id = "-1, 12, ", expect = Expect.ACCEPTABLE, desc = "write, then read: refused")
    @State
    public static class ReadAgainstAWrite {
        private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        /// Both sub-buffers are full.
        public ReadAgainstAWrite() {
            StressBuffers.write(writer, 1);
            StressBuffers.write(writer, 2);
            buffer.flush();
        }

        @Actor
        public void writer(LLL_Result r) {
            r.r1 = StressBuffers.write(writer, 3);
        }

        @Actor
        public void reader(LLL_Result r) {
            r.r2 = StressBuffers.read(buffer);
        }

        @Arbiter
        public void rest(LLL_Result r) {
            r.r3 = StressBuffers.read(buffer);
        }
    }

    /// Two readers share the stream: each byte is delivered once.
    @JCStressTest
    @Outcome(id = "12, ", expect = Expect.ACCEPTABLE, desc = "reader 1 gets all")
    @Outcome(id = ", 12", expect = Expect.ACCEPTABLE, desc = "reader 2 gets all")
    @State
    public static class TwoReaders {
        private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);

        /// Both sub-buffers are full.
        public TwoReaders() {
            RecordWriter writer = TestBuffers.writer(buffer);
            StressBuffers.write(writer, 1);
            StressBuffers.write(writer, 2);
        }

        @Actor
        public void reader1(LL_Result r) {
            r.r1 = StressBuffers.read(buffer);
        }

        @Actor
        public void reader2(LL_Result r) {
            r.r2 = StressBuffers.read(buffer);
        }
    }
}
