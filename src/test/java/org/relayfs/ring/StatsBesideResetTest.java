package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.buffer.BufferStats;
import org.relayfs.layout.Geometry;

/// Counters that a reset starts again while somebody reads them: those of the life before or of the one after it, and
/// never the difference of two that do not belong together.
@Timeout(60)
class StatsBesideResetTest {
    private static final int RESETS = 400_000;

    private final RingBuffer buffer = new TestBuffers(1 << 12, 4).create(new Geometry(64, 4, 0), false);

    private Void resetAgainAndAgain() {
        RecordWriter writer = TestBuffers.writer(buffer);
        byte[] record = new byte[60];
        for (int i = 0; i < RESETS; i++) {
            for (int j = 0; j < 6; j++) {
                writer.write(0, record, 0, record.length);
            }
            buffer.subBuffersConsumed(2);
            buffer.reset();
        }
        return null;
    }

    @Test
    void countersAreNeverNegative() throws Exception {
        FutureTask<Void> resets = new FutureTask<>(this::resetAgainAndAgain);
        Thread.ofPlatform().daemon().start(resets);
        while (!resets.isDone()) {
            BufferStats s = buffer.stats();
            LongStream counters = LongStream.of(
                    s.produced(),
                    s.consumed(),
                    s.ready(),
                    s.bytesWritten(),
                    s.bytesRead(),
                    s.records(),
                    s.full(),
                    s.big(),
                    s.straggler(),
                    s.lostBytes(),
                    s.overwritten(),
                    s.skipped(),
                    s.abandoned());
            assertThat(counters.filter(value -> value < 0).count())
                    .as(s.toString())
                    .isZero();
        }
        resets.get(1, TimeUnit.SECONDS);
        BufferStats last = buffer.stats();
        assertThat(last.records() + last.full() + last.bytesRead()).isZero();
    }
}
