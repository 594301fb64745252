package org.relayfs.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// P is never ahead of a writer that is still copying: what it counts can be read from the mapping.
@JCStressTest
@Outcome(
        id = {"-", "1", "2", "12", "21"},
        expect = ACCEPTABLE,
        desc = "produced sub-buffers hold their records")
@Outcome(expect = FORBIDDEN, desc = "P counts a sub-buffer that is not complete")
@State
public class ProducedNotAheadStress {
    private final RingBuffer buffer = StressBuffers.create(8, 4, 0, false);
    private final RecordWriter writer = TestBuffers.writer(buffer);

    /// Fills a sub-buffer and closes it.
    @Actor
    public void first() {
        StressBuffers.write(writer, 1);
        buffer.flush();
    }

    /// Fills another.
    @Actor
    public void second() {
        StressBuffers.write(writer, 2);
    }

    /// Looks at what is produced.
    ///
    /// @param result the records of produced sub-buffers
    @Actor
    public void observe(L_Result result) {
        long produced = buffer.produced();
        StringBuilder seen = new StringBuilder();
        for (long i = 0; i < produced; i++) {
            boolean empty = buffer.paddingBytes((int) i) == 8;
            seen.append(empty ? "" : StressBuffers.names(buffer.data().asSlice(i * 8, 8), 8));
        }
        result.r1 = seen.isEmpty() ? "-" : seen.toString();
    }
}
