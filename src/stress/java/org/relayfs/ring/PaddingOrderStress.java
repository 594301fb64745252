package org.relayfs.ring;

import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// The padding stays, whoever is later: the opener, who stores 0, or the closer.
public class PaddingOrderStress {
    /// By the padding table.
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "looked before the switch")
    @Outcome(id = "0, 56", expect = Expect.ACCEPTABLE, desc = "produced was looked at before the switch, padding after")
    @Outcome(id = "1, 56", expect = Expect.ACCEPTABLE, desc = "looked after the switch")
    @State
    public static class InTheTable {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer() {
            StressBuffers.write(writer, 1);
            buffer.flush();
        }

        @Actor
        public void reader(JJ_Result r) {
            r.r1 = buffer.produced();
            r.r2 = buffer.paddingBytes(0);
        }
    }

    /// The opener may be slower than the closer: two flushes at once open and close the same sub-buffer.
    @JCStressTest
    @Outcome(id = "2, 56", expect = Expect.ACCEPTABLE, desc = "one after the other: two sub-buffers, padding in both")
    @State
    public static class OfAnOpenerAndACloser {
        private final RingBuffer buffer = StressBuffers.create(64, 4, 8, false);

        @Actor
        public void flusher1() {
            buffer.flush();
        }

        @Actor
        public void flusher2() {
            buffer.flush();
        }

        @Arbiter
        public void reader(JJ_Result r) {
            r.r1 = buffer.produced();
            r.r2 = buffer.data().get(ValueLayout.JAVA_LONG, 64) & buffer.data().get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// The same with a header of 4 bytes.
    @JCStressTest
    @Outcome(id = "2, 60", expect = Expect.ACCEPTABLE, desc = "one after the other: two sub-buffers, padding in both")
    @State
    public static class InFourBytes {
        private final RingBuffer buffer = StressBuffers.create(64, 4, 4, false);

        @Actor
        public void flusher1() {
            buffer.flush();
        }

        @Actor
        public void flusher2() {
            buffer.flush();
        }

        @Arbiter
        public void reader(JJ_Result r) {
            r.r1 = buffer.produced();
            r.r2 = buffer.data().get(ValueLayout.JAVA_INT, 64) & buffer.data().get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// The same while a writer fills what was opened.
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "flush, then write: the record is in the open sub-buffer")
    @Outcome(id = "1, 48", expect = Expect.ACCEPTABLE, desc = "write, then flush: the record has been closed")
    @State
    public static class OfAWriterAndACloser {
        private final RingBuffer buffer = StressBuffers.create(64, 4, 8, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer() {
            StressBuffers.write(writer, 1);
        }

        @Actor
        public void flusher() {
            buffer.flush();
        }

        @Arbiter
        public void reader(II_Result r) {
            r.r1 = (int) buffer.produced();
            long first = buffer.data().get(ValueLayout.JAVA_LONG, 0);
            long second = buffer.data().get(ValueLayout.JAVA_LONG, 64);
            r.r2 = first == 48 && second == 0 ? 48 : first == 56 && second == 0 ? 0 : -1;
        }
    }
}
