package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A reader sees a record whole or not at all.
@JCStressTest
@Outcome(id = ", 12", expect = ACCEPTABLE, desc = "reader -> both writes")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "first write -> reader -> second write")
@Outcome(id = "12, ", expect = ACCEPTABLE, desc = "both writes -> reader")
@Outcome(expect = FORBIDDEN, desc = "bytes were visible before their commit, or doubled, or lost")
@State
public class UncommittedInvisibleStress {
    private final RingBuffer buffer = StressBuffers.create(32, 2, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes two records into one sub-buffer.
    @Actor
    public void write() {
        StressBuffers.write(writer, 1);
        StressBuffers.write(writer, 2);
    }

    /// Reads meanwhile.
    ///
    /// @param result what was read
    @Actor
    public void read(LL_Result result) {
        result.r1 = StressBuffers.read(buffer);
    }

    /// Reads the rest.
    ///
    /// @param result what was left
    @Arbiter
    public void readRest(LL_Result result) {
        result.r2 = StressBuffers.readAll(buffer);
    }
}
