package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// No write is lost, and each writer's records stay in order, also when every record needs a switch.
@JCStressTest
@Outcome(
        id = {"1234", "1324", "1342", "3124", "3142", "3412"},
        expect = ACCEPTABLE,
        desc = "all four, each in order")
@Outcome(expect = FORBIDDEN, desc = "a record is missing, torn or out of order")
@State
public class NoLostWriteStress {
    private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Writes two records.
    @Actor
    public void first() {
        StressBuffers.write(writer, 1);
        StressBuffers.write(writer, 2);
    }

    /// Writes two others.
    @Actor
    public void second() {
        StressBuffers.write(writer, 3);
        StressBuffers.write(writer, 4);
    }

    /// Reads all.
    ///
    /// @param result what was read
    @Arbiter
    public void read(L_Result result) {
        result.r1 = StressBuffers.readAll(buffer);
    }
}
