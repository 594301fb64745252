package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.layout.Geometry;

/// A read hands its bytes over before it counts them as consumed. Whoever acts on having them meets it in between.
@Timeout(30)
class ReadInProgressTest {
    private static final int SIZE = 16;
    private static final MemorySegment RECORD = MemorySegment.ofArray(new byte[SIZE]);

    private final RingBuffer buffer = new TestBuffers(4 * SIZE, 4).create(new Geometry(SIZE, 4, 0), false);

    private void write(int records) {
        for (int i = 0; i < records; i++) {
            assertThat(buffer.write(RECORD, 0, SIZE)).isEqualTo(SIZE);
        }
    }

    /// Reads one record; when the bytes are out, another thread does something.
    private <T> T readAndMeanwhile(boolean waits, Callable<T> action) throws Exception {
        FutureTask<T> result = new FutureTask<>(action);
        Thread other = Thread.ofPlatform().daemon().unstarted(result);
        long read = buffer.read(SIZE, (pieces, count, total) -> {
            other.start();
            assertThat(joins(other, waits ? 50 : 10_000)).isNotEqualTo(waits);
            return true;
        });
        assertThat(read).isEqualTo(SIZE);
        return result.get(10, TimeUnit.SECONDS);
    }

    private static boolean joins(Thread thread, int patienceMs) {
        try {
            return thread.join(Duration.ofMillis(patienceMs));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void pollDoesNotTellOfBytesThatAreOut() throws Exception {
        write(2);
        assertThat(buffer.isReadable()).isTrue();
        assertThat(readAndMeanwhile(true, buffer::isReadable)).isFalse();
    }

    @Test
    void consumedCountsThem() throws Exception {
        write(2);
        assertThat(readAndMeanwhile(true, buffer::consumed)).isOne();
    }

    @Test
    void aWriterFindsTheRoomThatTheyHadTaken() throws Exception {
        write(4);
        assertThat(readAndMeanwhile(true, this::writeAsAFileDoes)).isEqualTo(SIZE);
        assertThat(buffer.stats().full()).isZero();
    }

    @Test
    void aWriterWhoHasRoomDoesNotWait() throws Exception {
        write(3);
        assertThat(readAndMeanwhile(false, this::writeAsAFileDoes)).isEqualTo(SIZE);
    }

    private int writeAsAFileDoes() {
        buffer.settle();
        return buffer.write(RECORD, 0, SIZE);
    }
}
