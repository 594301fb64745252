package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// In overwrite mode a read that a writer laps returns whole records in order, or nothing.
@JCStressTest
@Outcome(
        id = {"-", "1", "12", "123", "2", "23", "234", "3", "34", "345", "4", "45", "5"},
        expect = ACCEPTABLE,
        desc = "whole, in order")
@Outcome(expect = FORBIDDEN, desc = "torn, doubled or out of order")
@State
public class OverwriteReadStress {
    private final RingBuffer buffer = StressBuffers.create(8, 2, 0, true);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Laps the ring of two sub-buffers twice.
    @Actor
    public void write() {
        for (int value = 1; value <= 5; value++) {
            StressBuffers.write(writer, value);
        }
    }

    /// Reads meanwhile.
    ///
    /// @param result what was read
    @Actor
    public void read(L_Result result) {
        result.r1 = StressBuffers.readOnce(buffer);
    }
}
