package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// Flushes between and beside writes lose nothing and cut no record.
@JCStressTest
@Outcome(id = "12, 1", expect = ACCEPTABLE, desc = "both records; the flush closed one sub-buffer")
@Outcome(id = "12, 2", expect = ACCEPTABLE, desc = "both records; flush and switch closed one each")
@Outcome(expect = FORBIDDEN, desc = "a record is lost, torn or out of order, or a close was doubled")
@State
public class FlushAgainstWriteStress {
    private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes two records; the second needs a switch.
    @Actor
    public void write() {
        StressBuffers.write(writer, 1);
        StressBuffers.write(writer, 2);
    }

    /// Flushes.
    @Actor
    public void flush() {
        buffer.flush();
    }

    /// Reads all.
    ///
    /// @param result what was read, and P before
    @Arbiter
    public void read(LL_Result result) {
        result.r2 = buffer.produced();
        result.r1 = StressBuffers.readAll(buffer);
    }
}
