package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// What writers leave in the in-flight table: nothing.
class WriterEntriesTest {
    private static final int ENTRIES = InFlightTable.ENTRIES;

    private final RingBuffer buffer = new TestBuffers(1 << 16, 8).create(new Geometry(64, 8, 0), true);

    private void assertAllAreFree() {
        for (int i = 0; i < ENTRIES; i++) {
            long entry = InFlightTable.entry(buffer.ring.region, i);
            assertThat(InFlightTable.wordAcquire(entry)).as("word of " + i).isZero();
            assertThat(InFlightTable.ownerAcquire(entry)).as("owner of " + i).isZero();
            assertThat(InFlightTable.closingAcquire(entry))
                    .as("closing of " + i)
                    .isZero();
        }
    }

    @Test
    void reservationsGiveTheirEntriesBackHoweverTheyEnd() {
        RingReservation reservation = new RingReservation();
        for (int i = 0; i < 3 * ENTRIES; i++) {
            assertThat(buffer.reserve(reservation, 20)).isEqualTo(20);
            if (i % 2 == 0) {
                reservation.commit();
            } else {
                reservation.abort();
            }
            assertThat(buffer.reserve(reservation, 65)).isEqualTo(WriteResult.TOO_BIG);
        }
        assertAllAreFree();
    }

    @Test
    void asManyReservationsAsEntriesAreOpenAtATimeAndTheNextIsRefused() {
        List<RingReservation> open = new ArrayList<>();
        for (int i = 0; i < InFlightTable.CLAIMED_ENTRIES; i++) {
            open.add(new RingReservation());
            assertThat(buffer.reserve(open.getLast(), 1)).isEqualTo(1);
        }
        assertThat(buffer.reserve(new RingReservation(), 1)).isEqualTo(WriteResult.STRAGGLER);
        assertThat(buffer.stats().straggler()).isEqualTo(1);
        open.removeLast().commit();
        open.add(new RingReservation());
        assertThat(buffer.reserve(open.getLast(), 1)).isEqualTo(1);
        open.forEach(RingReservation::commit);
        assertAllAreFree();
        assertThat(buffer.stats().records()).isEqualTo(InFlightTable.CLAIMED_ENTRIES + 1);
    }

    /// Every number of a thread is in use, or every entry: its records claim one, and none is lost.
    @Test
    void threadsWithoutAnEntryOfTheirOwnClaimOne() throws InterruptedException {
        AtomicInteger written = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            Thread thread = Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 100; n++) {
                    written.addAndGet(TestBuffers.writer(buffer).write(0, new byte[20], 0, 20) == 20 ? 1 : 0);
                }
            });
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(written).hasValue(400);
        assertThat(buffer.stats().records()).isEqualTo(400);
        assertAllAreFree();
    }

    @Test
    void aWriterWhoseOwnEntryIsBusyTakesAnother() {
        long own = buffer.ring.inFlight.enter();
        RecordWriter writer = TestBuffers.writer(buffer);
        for (int i = 0; i < 3 * ENTRIES; i++) {
            assertThat(writer.write(0, new byte[20], 0, 20)).isEqualTo(20);
            assertThat(writer.write(0, new byte[65], 0, 65)).isEqualTo(WriteResult.TOO_BIG);
            assertThat(writer.write(0, new byte[1], 0, 0)).isZero();
        }
        assertThat(InFlightTable.wordAcquire(own)).isNotZero();
        buffer.delivery.leave(own);
        assertAllAreFree();
    }

    @Test
    void aFullBufferThatSomebodyDisablesMeanwhileIsNotCountedAsFull() {
        RingBuffer full = new TestBuffers(1 << 16, 2).create(new Geometry(8, 2, 0), false);
        RecordWriter writer = TestBuffers.writer(full);
        for (int result = 8; result == 8; ) {
            result = writer.write(0, new byte[8], 0, 8);
        }
        long refused = full.stats().full();
        long seen = full.ring.reserve();
        full.setLive(false);
        assertThat(full.switcher.step(seen, 8, full.ring.inFlight.enter())).isEqualTo(SubBufferSwitch.RETRY);
        assertThat(full.stats().full()).isEqualTo(refused);
        assertThat(writer.write(0, new byte[8], 0, 8)).isEqualTo(WriteResult.DISABLED);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void aHeaderAloneIsNothingToBeFlushed(int header) {
        RingBuffer padded = new TestBuffers(1 << 16, 4).create(new Geometry(64, 4, header), false);
        assertThat(padded.hasOpenBytes()).isFalse();
        TestBuffers.writer(padded).write(0, new byte[1], 0, 1);
        assertThat(padded.hasOpenBytes()).isTrue();
        padded.flush();
        assertThat(padded.hasOpenBytes()).isFalse();
    }
}
