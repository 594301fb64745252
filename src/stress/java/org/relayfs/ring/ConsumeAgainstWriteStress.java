package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/// A full buffer takes a record only after a sub-buffer was released, and never on top of an unread one.
@JCStressTest
@Outcome(id = "-1, 2", expect = ACCEPTABLE, desc = "write refused -> consumed")
@Outcome(id = "8, 23", expect = ACCEPTABLE, desc = "consumed -> write")
@Outcome(expect = FORBIDDEN, desc = "an unread sub-buffer was overwritten, or a record lost")
@State
public class ConsumeAgainstWriteStress {
    private final RingBuffer buffer = StressBuffers.create(8, 2, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Fills it.
    public ConsumeAgainstWriteStress() {
        StressBuffers.write(writer, 1);
        StressBuffers.write(writer, 2);
        buffer.flush();
    }

    /// Writes into the full buffer.
    ///
    /// @param result what the write returned
    @Actor
    public void write(LL_Result result) {
        result.r1 = StressBuffers.write(writer, 3);
    }

    /// Releases the oldest sub-buffer.
    @Actor
    public void consume() {
        buffer.subBuffersConsumed(1);
    }

    /// Reads the rest.
    ///
    /// @param result what was read
    @Arbiter
    public void read(LL_Result result) {
        result.r2 = StressBuffers.readAll(buffer);
    }
}
