package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.Reservation;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.SubBufferTable;

/// What an observer sees, and what it has missed. Others step in where it looks twice: a view calls them.
@Timeout(60)
class ObservationTest {
    private static final int SIZE = 16;
    private static final int COUNT = 4;

    private final TestBuffers memory = new TestBuffers(COUNT * SIZE, COUNT);
    private final Geometry geometry = new Geometry(SIZE, COUNT, 0);
    private final RingBuffer buffer = memory.create(geometry, true, null, TestBuffers.NEVER_NS);
    private final SteppedView view = new SteppedView(geometry, memory);
    private int written;

    private static final class SteppedView extends RingView {
        /// Runs when the bytes that an observer is to see are known.
        Runnable beforeLook = () -> {};

        SteppedView(Geometry geometry, TestBuffers memory) {
            super(
                    geometry,
                    true,
                    memory.meta(),
                    ChannelHeader.SIZE,
                    memory.data().memory());
        }

        @Override
        long address(int index, long offset) {
            beforeLook.run();
            return super.address(index, offset);
        }
    }

    private Observation observe(boolean fromNow) {
        return new Observation(view, memory.data().path(), fromNow ? Beginning.NOW : Beginning.OLDEST);
    }

    /// Writes records that fill a sub-buffer each and tell their number.
    private void write(int records) {
        for (int i = 0; i < records; i++) {
            write("%016d".formatted(++written));
        }
    }

    private void write(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
        assertThat(TestBuffers.writer(buffer).write(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    private static String read(Observation observation) {
        return read(observation, SIZE);
    }

    private static String read(Observation observation, int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length + 3]);
        int read = observation.read(target, 3, length);
        return new String(target.asSlice(3, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    private static long number(Observation observation) {
        return Long.parseLong(read(observation));
    }

    @Test
    void everyObserverSeesAllAndTakesNothing() {
        write(2);
        write("open");
        Observation one = observe(false);
        Observation other = observe(false);
        for (Observation observation : new Observation[] {one, other}) {
            assertThat(number(observation)).isEqualTo(1);
            assertThat(number(observation)).isEqualTo(2);
            assertThat(read(observation)).isEqualTo("open");
            assertThat(read(observation)).isEmpty();
            assertThat(observation.missedBytes()).isZero();
        }
        write(" too");
        assertThat(read(one)).isEqualTo(" too");
        assertThat(buffer.consumed()).isZero();
        assertThat(buffer.stats().bytesRead()).isZero();
        assertThat(buffer.read(MemorySegment.ofArray(new byte[100]), 0, 100)).isEqualTo(2 * SIZE + 8);
        assertThat(read(other)).isEqualTo(" too");
    }

    @Test
    void whatIsConsumedIsStillThere() {
        write(2);
        buffer.read(MemorySegment.ofArray(new byte[100]), 0, 100);
        assertThat(number(observe(false))).isEqualTo(1);
    }

    @Test
    void fromNowOnPassesOverWhatIsThere() {
        write(1);
        write("before");
        Observation observation = observe(true);
        assertThat(observation.hasMore()).isFalse();
        write(" after");
        assertThat(read(observation)).isEqualTo(" after");
        assertThat(observation.missedBytes()).isZero();
    }

    @Test
    void aReadEndsWithItsSubBuffer() {
        write("0123456789");
        write("abcdefghij");
        Observation observation = observe(false);
        assertThat(read(observation, 4)).isEqualTo("0123");
        assertThat(read(observation, 100)).isEqualTo("456789");
        assertThat(read(observation, 100)).isEqualTo("abcdefghij");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 40})
    void whatIsOverwrittenBeforeItIsReadIsCountedToTheByte(int more) {
        Observation observation = observe(false);
        write(1);
        write("tenletters");
        assertThat(number(observation)).isEqualTo(1);
        assertThat(read(observation, 3)).isEqualTo("ten");
        write(more);
        int left = Math.min(COUNT, more);
        long readable = observation.missedSubBuffers() == 0 ? 7 + more * SIZE : left * SIZE;
        assertThat(observation.missedBytes()).isEqualTo(7 + (long) more * SIZE - readable);
        assertThat(observation.missedSubBuffers()).isEqualTo(more < COUNT ? 0 : 1 + more - left);
        long read = 0;
        while (observation.hasMore()) {
            read += read(observation).length();
        }
        assertThat(read).isEqualTo(readable);
        assertThat(observation.missedBytes()).isEqualTo(7 + (long) more * SIZE - readable);
    }

    @Test
    void whatIsOverwrittenWhileItIsCopiedIsNotReturned() {
        write(COUNT);
        Observation observation = observe(false);
        view.beforeLook = () -> {
            view.beforeLook = () -> {};
            write(COUNT);
        };
        assertThat(number(observation)).isEqualTo(5);
        assertThat(observation.missedBytes()).isEqualTo(4 * SIZE);
        assertThat(observation.missedSubBuffers()).isEqualTo(4);
    }

    @Test
    void whatIsOverwrittenWhileTheSinkLooksIsDeclaredVoid() throws IOException {
        write(COUNT);
        Observation observation = observe(false);
        assertThat(observation.look(100, (pieces, count, total) -> {
                    write(1);
                    return true;
                }))
                .isEqualTo(Observation.OVERWRITTEN);
        assertThat(observation.look(100, (pieces, count, total) -> {
                    assertThat(pieces[0].get(ValueLayout.JAVA_BYTE, SIZE - 1)).isEqualTo((byte) '2');
                    return true;
                }))
                .isEqualTo(SIZE);
        assertThat(observation.missedBytes()).isEqualTo(SIZE);
    }

    @Test
    void whatASinkRefusesComesAgain() throws IOException {
        write(1);
        Observation observation = observe(false);
        assertThat(observation.look(100, (pieces, count, total) -> false)).isZero();
        assertThatThrownBy(() -> observation.look(100, (pieces, count, total) -> {
                    throw new IOException("full");
                }))
                .hasMessage("full");
        assertThat(number(observation)).isEqualTo(1);
    }

    @Test
    void anObserverThatIsOvertakenAgainAndAgainStartsFurtherAhead() {
        write(COUNT);
        Observation observation = observe(false);
        int[] looks = {0};
        view.beforeLook = () -> {
            if (looks[0]++ < 4) {
                write(1);
            }
        };
        assertThat(number(observation)).isEqualTo(7);
        assertThat(looks).containsExactly(5);
        assertThat(observation.missedBytes()).isEqualTo(6 * SIZE);
    }

    @Test
    void holesAndPaddingAreLeftOut() {
        Reservation first = new RingReservation();
        buffer.reserve(first, 4);
        write("after");
        Observation observation = observe(false);
        assertThat(read(observation)).isEmpty();
        first.abort();
        assertThat(read(observation)).isEqualTo("after");
        write("next sub-buffer");
        assertThat(read(observation)).isEqualTo("next sub-buffer");
        assertThat(observation.missedBytes()).isZero();
    }

    @Test
    void anUnfinishedRecordHoldsBackWhatComesAfterIt() {
        Observation observation = observe(false);
        write("a");
        Reservation slow = new RingReservation();
        buffer.reserve(slow, 4);
        write("c");
        buffer.flush();
        write("next");
        assertThat(read(observation)).isEmpty();
        slow.commit();
        assertThat(read(observation)).hasSize(6);
        assertThat(read(observation)).isEqualTo("next");
    }

    @Test
    void aResetThrowsAwayWhatWasNotRead() {
        Observation observation = observe(false);
        write(2);
        assertThat(number(observation)).isEqualTo(1);
        buffer.reset();
        assertThat(observation.hasMore()).isFalse();
        write(1);
        assertThat(number(observation)).isEqualTo(3);
        assertThat(observation.missedBytes()).isZero();
        assertThat(observation.missedSubBuffers()).isZero();
        write(COUNT + 1);
        assertThat(observation.missedBytes()).isEqualTo(SIZE);
    }

    /// Its writer still copies when the reset passes over it.
    @Test
    void whatAResetHasPassedOverUnfinishedIsNotShown() {
        Observation observation = observe(false);
        Reservation slow = new RingReservation();
        buffer.reserve(slow, SIZE);
        buffer.reset();
        // As long as BASE is not stored yet.
        long base = BufferHeader.wordOpaque(memory.region(), BufferHeader.BASE_OFFSET);
        BufferHeader.setWordOpaque(memory.region(), BufferHeader.BASE_OFFSET, COUNT);
        assertThat(read(observation)).isEmpty();
        BufferHeader.setWordOpaque(memory.region(), BufferHeader.BASE_OFFSET, base);
        write(1);
        assertThat(number(observation)).isEqualTo(1);
    }

    @Test
    void theEndIsSeenWhenAllIsRead() {
        Observation observation = observe(false);
        write("last");
        assertThat(observation.isEnded()).isFalse();
        buffer.finalizeBuffer();
        assertThat(observation.isEnded()).isFalse();
        assertThat(read(observation)).isEqualTo("last");
        assertThat(observation.isEnded()).isTrue();
    }

    @Test
    void aRecordThatIsNotFinishedDelaysTheEndForASecond() throws Exception {
        Observation observation = observe(false);
        Reservation slow = new RingReservation();
        buffer.reserve(slow, SIZE);
        buffer.finalizeBuffer();
        assertThat(observation.isEnded()).isFalse();
        Thread.sleep(1100);
        assertThat(observation.isEnded()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        BufferHeader.RESERVE_OFFSET + ", -1",
        BufferHeader.RESERVE_OFFSET + ", 0",
        BufferHeader.RESERVE_OFFSET + ", 31",
        BufferHeader.DELIVERED_OFFSET + ", 1000000",
        BufferHeader.DELIVERED_OFFSET + ", -3",
        BufferHeader.BASE_OFFSET + ", 1000000",
        BufferHeader.BASE_OFFSET + ", -1",
        BufferHeader.FINALIZED_OFFSET + ", 2"
    })
    void aWordThatCannotBeIsDamage(int offset, long value) {
        write(2);
        Observation observation = observe(false);
        BufferHeader.setWordOpaque(memory.region(), offset, value);
        assertThatThrownBy(observation::hasMore).isInstanceOf(DamagedBufferException.class);
    }

    /// Whatever the table of sub-buffers says: some bytes of the buffer, or none, and an end.
    @Test
    void theTableOfSubBuffersIsNotTrusted() {
        write(COUNT);
        Observation observation = observe(false);
        for (long value : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 2 << 5 | 31}) {
            for (int word = 0; word < SubBufferTable.STRIDE * COUNT; word += 8) {
                BufferHeader.setWordOpaque(memory.region(), BufferHeader.SUB_BUFFERS_OFFSET + word, value);
            }
            BufferHeader.setWordOpaque(memory.region(), BufferHeader.ABANDONED_OFFSET, 1);
            for (int i = 0; i < 3 * COUNT; i++) {
                assertThat(read(observation)).hasSizeLessThanOrEqualTo(SIZE);
            }
            assertThat(observation.missedBytes()).isNotNegative();
        }
    }

    @Test
    void observersAndStatisticsAgree() {
        Observation observation = observe(false);
        write(100);
        long read = 0;
        while (observation.hasMore()) {
            read += read(observation).length();
        }
        BufferStats stats = buffer.stats();
        assertThat(read + observation.missedBytes()).isEqualTo(stats.bytesWritten());
    }
}
