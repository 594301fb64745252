package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A write that races with the close is taken, and then readable to the end, or refused as closed.
@JCStressTest
@Outcome(id = "8, 1", expect = ACCEPTABLE, desc = "write -> close")
@Outcome(id = "-5, ", expect = ACCEPTABLE, desc = "close -> write")
@Outcome(expect = FORBIDDEN, desc = "a taken record is lost, or a refused one is there")
@State
public class WriteAgainstCloseStress {
    private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes.
    ///
    /// @param result what the write returned
    @Actor
    public void write(LL_Result result) {
        result.r1 = StressBuffers.write(writer, 1);
    }

    /// Closes.
    @Actor
    public void close() {
        buffer.finalizeBuffer();
    }

    /// Reads what is left.
    ///
    /// @param result what was read
    @Arbiter
    public void read(LL_Result result) {
        result.r2 = StressBuffers.readAll(buffer);
    }
}
