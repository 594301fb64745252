package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.InFlightTable;
import org.relayfs.linux.BarrierCalls;

/// The writer withdraws its announcement and then looks whether somebody waits; the closer asks and then looks who is
/// there. One of them sees the other, although the writer has no fence.
public class LastWriterStress {
    /// The two looks by themselves: the closer's system call fences for both.
    @JCStressTest
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "neither saw the other: nobody would deliver")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one of them saw the other, or both did")
    @State
    public static class OneSeesTheOther {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final long region = buffer.ring.region;
        private final long entry = buffer.ring.inFlight.claim();
        private final long word = buffer.ring.reserve();

        /// The writer is there.
        public OneSeesTheOther() {
            InFlightTable.announce(entry, word, 0);
        }

        @Actor
        public void writer(ZZ_Result r) {
            InFlightTable.setWordRelease(entry, 0);
            r.r1 = word < BufferHeader.attentionOpaque(region);
        }

        @Actor
        public void closer(ZZ_Result r) {
            BufferHeader.attentionCompareAndSet(region, 0, word + 1);
            BarrierCalls.fenceAll();
            r.r2 = InFlightTable.wordAcquire(entry) == 0;
        }
    }

    /// The same without the call. That the outcome is seen shows that the other test could see it.
    @JCStressTest
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "what the call is there for")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "one of them saw the other, or both did")
    @State
    public static class NeitherWithoutTheFence {
        private final RingBuffer buffer = StressBuffers.create(64, 2, 0, false);
        private final long region = buffer.ring.region;
        private final long entry = buffer.ring.inFlight.claim();
        private final long word = buffer.ring.reserve();

        /// The writer is there.
        public NeitherWithoutTheFence() {
            InFlightTable.announce(entry, word, 0);
        }

        @Actor
        public void writer(ZZ_Result r) {
            InFlightTable.setWordRelease(entry, 0);
            r.r1 = word < BufferHeader.attentionOpaque(region);
        }

        @Actor
        public void closer(ZZ_Result r) {
            BufferHeader.attentionCompareAndSet(region, 0, word + 1);
            r.r2 = InFlightTable.wordAcquire(entry) == 0;
        }
    }

    /// The whole of it: a record beside the close of its sub-buffer.
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the record came first: it is delivered")
    @Outcome(id = ", 1", expect = Expect.ACCEPTABLE, desc = "the close came first: an empty sub-buffer is delivered")
    @State
    public static class TheRecordIsDelivered {
        private final RingBuffer buffer = StressBuffers.create(64, 4, 0, false);
        private final RecordWriter writer = TestBuffers.writer(buffer);

        @Actor
        public void writer() {
            StressBuffers.write(writer, 1);
        }

        @Actor
        public void closer() {
            buffer.flush();
        }

        @Arbiter
        public void reader(LI_Result r) {
            r.r2 = (int) buffer.produced();
            r.r1 = buffer.ring.payload(buffer.ring.consumed()) == 8 ? StressBuffers.read(buffer) : "";
        }
    }
}
