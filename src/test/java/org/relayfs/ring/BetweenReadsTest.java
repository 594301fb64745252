package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.ring.StalledWriters.Finding;

/// What others do between two looks at the shared memory, of those who have to look twice. The others step in exactly
/// there: a ring calls them.
@Timeout(60)
class BetweenReadsTest {
    private static final int SIZE = 16;
    private static final int COUNT = 4;

    private final TestBuffers memory = new TestBuffers(COUNT * SIZE, COUNT);
    private final Geometry geometry = new Geometry(SIZE, COUNT, 0);
    private final RingBuffer writer = memory.create(geometry, true, null, TestBuffers.NEVER_NS);
    private final SteppedRing ring = new SteppedRing(geometry, memory);
    private final RingBuffer buffer = new RingBuffer(ring, null, memory.data().path());
    private int written;

    private static final class SteppedRing extends Ring {
        /// Runs when the bytes that a reader is to copy are known.
        Runnable beforeCopy = () -> {};
        /// Runs when a sub-buffer's words are about to be read.
        IntConsumer beforeEntry = index -> {};

        SteppedRing(Geometry geometry, TestBuffers memory) {
            super(
                    geometry,
                    true,
                    memory.meta(),
                    ChannelHeader.SIZE,
                    memory.data().memory(),
                    memory.processes());
        }

        @Override
        long address(int index, long offset) {
            beforeCopy.run();
            return super.address(index, offset);
        }

        @Override
        long entry(int index) {
            beforeEntry.accept(index);
            return super.entry(index);
        }
    }

    /// Writes records that fill a sub-buffer each and tell their number.
    private void write(int records) {
        for (int i = 0; i < records; i++) {
            byte[] record = "%016d".formatted(++written).getBytes(StandardCharsets.US_ASCII);
            assertThat(TestBuffers.writer(writer).write(0, record, 0, SIZE)).isEqualTo(SIZE);
        }
    }

    private List<Integer> read(int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        int read = buffer.read(target, 0, length);
        String text = new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
        List<Integer> numbers = new ArrayList<>();
        for (int at = 0; at < read; at += SIZE) {
            numbers.add(Integer.parseInt(text.substring(at, at + SIZE)));
        }
        return numbers;
    }

    private void lapOnce() {
        ring.beforeCopy = () -> {
            ring.beforeCopy = () -> {};
            write(COUNT);
        };
    }

    @Test
    void bytesThatWereOverwrittenWhileTheyWereCopiedAreNotReturned() {
        write(COUNT);
        lapOnce();
        assertThat(read(SIZE)).containsExactly(5);
        assertThat(read(COUNT * SIZE)).containsExactly(6, 7, 8);
        assertThat(buffer.stats().overwritten()).isEqualTo(4 * SIZE);
        assertThat(buffer.stats().bytesRead()).isEqualTo(4 * SIZE);
    }

    /// What was copied before is returned; what comes next is for the next read.
    @Test
    void aLapInTheMiddleOfAReadEndsIt() {
        write(COUNT);
        ring.beforeCopy = this::lapOnce;
        assertThat(read(COUNT * SIZE)).containsExactly(1);
        assertThat(read(COUNT * SIZE)).containsExactly(5, 6, 7, 8);
        assertThat(buffer.stats().overwritten()).isEqualTo(3 * SIZE);
    }

    @Test
    void aReaderThatIsLappedAgainAndAgainStartsFurtherAhead() {
        write(COUNT);
        int[] laps = {0};
        ring.beforeCopy = () -> {
            if (laps[0]++ < 4) {
                write(1);
            }
        };
        // Lapped four times at the oldest, which is the next to go; then it takes the newest that is closed.
        assertThat(read(SIZE)).containsExactly(7);
        assertThat(laps).containsExactly(5);
    }

    @Test
    void aReaderThatIsLappedForEverGivesUp() {
        write(COUNT);
        int[] laps = {0};
        ring.beforeCopy = () -> {
            laps[0]++;
            write(COUNT);
        };
        assertThat(read(SIZE)).isEmpty();
        assertThat(laps[0]).isBetween(COUNT, 100);
        ring.beforeCopy = () -> {};
        assertThat(read(COUNT * SIZE)).endsWith(written).hasSizeLessThanOrEqualTo(COUNT);
    }

    private long deadEntry;

    /// A stalled writer of another process, and what happens while the second look is taken.
    private Finding lookAgainWhile(Runnable action) throws IOException {
        ProcessTable gone = memory.attach();
        memory.kill(gone);
        RingBuffer dead = memory.view(geometry, true, null, gone);
        long entry = dead.ring.inFlight.claim();
        assertThat(dead.switcher.reserve(5, entry)).isPositive();
        deadEntry = entry;
        writer.flush();
        int[] asked = {0};
        IntPredicate isAlive = slot -> {
            if (asked[0]++ == 1) {
                action.run();
            }
            return memory.processes().isAlive(slot);
        };
        StalledWriters stalled = new StalledWriters(ring, buffer.delivery, buffer.holes, isAlive);
        long now = System.nanoTime();
        assertThat(stalled.look(now)).isEqualTo(Finding.NONE);
        return stalled.look(now + 11_000_000);
    }

    @Test
    void whatStandsStillIsGivenUp() throws Exception {
        assertThat(lookAgainWhile(() -> {})).isEqualTo(Finding.DELIVERED);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
    }

    @Test
    void aWriterThatCommitsWhileItIsJudgedKeepsItsBytes() throws Exception {
        assertThat(lookAgainWhile(() -> InFlightTable.setWordRelease(deadEntry, 0)))
                .isEqualTo(Finding.NONE);
        assertThat(buffer.stats().abandonedBytes()).isZero();
        assertThat(buffer.read(MemorySegment.ofArray(new byte[SIZE]), 0, SIZE)).isEqualTo(5);
    }

    @Test
    void aWriterThatIsSeenOnlyTheSecondTimeIsWaitedFor() throws Exception {
        long word = writer.ring.reserve();
        long entry = writer.ring.inFlight.claim();
        assertThat(lookAgainWhile(() -> InFlightTable.announce(entry, word, writer.ring.inFlight.bits(entry) | 2)))
                .isEqualTo(Finding.NONE);
        assertThat(buffer.stats().abandonedBytes()).isZero();
    }
}
