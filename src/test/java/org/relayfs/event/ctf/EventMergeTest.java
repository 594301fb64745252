package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several streams become one, in the order of time, and a live one waits for the others as long as it is told to.
@Timeout(60)
class EventMergeTest {
    private final CtfMetadata metadata = SampleMetadata.of(CtfForm.RAW);
    private final TypeTable types = new TypeTable(metadata);

    private record Line(long timestamp, int cpu, long position, int number) {}

    @Test
    void itIsASortByTimeCpuAndPosition() throws Exception {
        Random random = new Random(7);
        EventMerge merge = new EventMerge();
        List<Line> expected = new ArrayList<>();
        for (int cpu = 0; cpu < 17; cpu++) {
            EventBytes events = new EventBytes();
            long timestamp = random.nextInt(50);
            int count = random.nextInt(3000);
            for (int i = 0; i < count; i++) {
                timestamp += random.nextInt(3);
                if (i % 100 == 0) {
                    events.subBuffer(timestamp, cpu, i / 100, 0);
                    expected.add(new Line(timestamp, cpu, i / 100, -1));
                }
                events.event(timestamp, 1, i);
                expected.add(new Line(timestamp, cpu, i / 100, i));
            }
            merge.add(new EventStream(Pieces.whole(events.raw()), types, cpu), metadata.clock());
        }
        expected.sort(Comparator.comparingLong(Line::timestamp)
                .thenComparingInt(Line::cpu)
                .thenComparingLong(Line::position)
                .thenComparingInt(Line::number));
        merge.look();
        List<Line> merged = new ArrayList<>();
        for (EventStream event = merge.next(EventMerge.ALL); event != null; event = merge.next(EventMerge.ALL)) {
            int number = event.id() == TypeTable.SUB_BUFFER ? -1 : (int) event.thread();
            merged.add(new Line(event.timestamp(), event.cpu(), event.position(), number));
        }
        assertThat(merged).hasSizeGreaterThan(10_000).isEqualTo(expected);
        assertTrue(merge.hasEnded());
    }

    /// A stream that is fed by the test.
    private static final class Fed implements ByteSource {
        private byte[] bytes = {};
        private boolean isClosed;

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = bytes.length;
            System.arraycopy(bytes, 0, target, offset, count);
            bytes = new byte[] {};
            return count == 0 && isClosed ? END : count;
        }
    }

    @Test
    void whatIsYoungerThanTheLimitWaitsForTheOthers() throws Exception {
        Fed one = new Fed();
        Fed two = new Fed();
        EventMerge merge = new EventMerge();
        merge.add(new EventStream(one, types, 0), metadata.clock());
        merge.add(new EventStream(two, types, 1), metadata.clock());
        long epoch = SampleMetadata.EPOCH;
        one.bytes = new EventBytes().text(10, 1, "a").text(30, 1, "c").raw();
        merge.look();
        assertEquals(10, merge.next(epoch + 10).timestamp());
        assertNull(merge.next(epoch + 29));
        assertEquals(epoch + 30, merge.oldestWaiting());
        two.bytes = new EventBytes().text(20, 1, "b").text(40, 1, "d").raw();
        merge.look();
        assertEquals(20, merge.next(epoch + 29).timestamp());
        assertEquals(30, merge.next(epoch + 29).timestamp());
        assertNull(merge.next(epoch + 29));
        assertEquals(40, merge.next(epoch + 40).timestamp());
        one.bytes = new EventBytes().text(35, 1, "late").raw();
        assertNull(merge.next(epoch + 40));
        merge.look();
        assertEquals(35, merge.next(epoch + 40).timestamp());
        assertTrue(merge.isLate());
        one.isClosed = true;
        two.isClosed = true;
        assertNull(merge.next(epoch + 40));
        merge.look();
        assertTrue(merge.hasEnded());
    }
}
