package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/// Whoever sees a sub-buffer as produced sees its padding in the header and its record.
@JCStressTest
@Outcome(id = "0, -1, ", expect = ACCEPTABLE, desc = "observer -> switch")
@Outcome(id = "1, 6, 1", expect = ACCEPTABLE, desc = "switch -> observer")
@Outcome(expect = FORBIDDEN, desc = "the switch was visible before the padding or the record")
@State
public class PaddingWithSwitchStress {
    private static final int HEADER = 8;

    private final RingBuffer buffer = StressBuffers.create(22, 2, HEADER, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes a record, then one that needs a switch.
    @Actor
    public void write() {
        StressBuffers.write(writer, 1);
        StressBuffers.write(writer, 2);
    }

    /// Looks as a program with a mapping does: P first, then the bytes.
    ///
    /// @param result P, the padding of the first sub-buffer, its record
    @Actor
    public void observe(LLL_Result result) {
        long produced = buffer.produced();
        result.r1 = produced;
        result.r2 = produced == 0 ? -1L : buffer.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        result.r3 = produced == 0 ? "" : StressBuffers.names(buffer.data().asSlice(HEADER, 8), 8);
    }
}
