package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// An observer that a writer laps sees whole records in order, each at most once.
@JCStressTest
@Outcome(id = "-|1?2?3?4?5?", expect = ACCEPTABLE, desc = "whole, in order")
@Outcome(expect = FORBIDDEN, desc = "torn, doubled or out of order")
@State
public class ObserveStress {
    private static final int READS = 6;

    private final RingBuffer buffer = StressBuffers.create(8, 2, 0, true);
    private final RecordWriter writer = TestBuffers.writer(buffer);
    private final Observation observation = new Observation(buffer.ring, Path.of("test"), Beginning.OLDEST);

    /// Laps the ring of two sub-buffers twice.
    @Actor
    public void write() {
        for (int value = 1; value <= 5; value++) {
            StressBuffers.write(writer, value);
        }
    }

    /// Observes meanwhile.
    ///
    /// @param result what was seen
    @Actor
    public void observe(L_Result result) {
        StringBuilder names = new StringBuilder();
        MemorySegment target = MemorySegment.ofArray(new byte[8]);
        for (int i = 0; i < READS; i++) {
            names.append(StressBuffers.names(target, observation.read(target, 0, 8)));
        }
        result.r1 = names.isEmpty() ? "-" : names.toString();
    }
}
