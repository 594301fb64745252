package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/// A record beside a reset is thrown away whole, is whole in the new life, or is refused.
@JCStressTest
@Outcome(id = "8, , 0", expect = ACCEPTABLE, desc = "write -> reset")
@Outcome(id = "8, , 1", expect = ACCEPTABLE, desc = "reserved -> reset -> committed: gone, but counted")
@Outcome(id = "8, 1, 1", expect = ACCEPTABLE, desc = "reset -> write")
@Outcome(id = "-1, , 0", expect = ACCEPTABLE, desc = "refused as full in the middle of the reset")
@Outcome(expect = FORBIDDEN, desc = "half a record, or one that is neither here nor there")
@State
public class ResetAgainstWriteStress {
    private final RingBuffer buffer = StressBuffers.create(16, 2, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes.
    ///
    /// @param result what the write returned
    @Actor
    public void write(LLL_Result result) {
        result.r1 = StressBuffers.write(writer, 1);
    }

    /// Resets.
    @Actor
    public void reset() {
        buffer.reset();
    }

    /// Reads all.
    ///
    /// @param result what was read, and records counted
    @Arbiter
    public void read(LLL_Result result) {
        result.r2 = StressBuffers.readAll(buffer);
        result.r3 = buffer.stats().records();
    }
}
