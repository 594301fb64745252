package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// Writers of another process that die at each step of a write, a switch or a skip.
class DeadWritersTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final TestBuffers memory = new TestBuffers(1 << 16, 16);
    private RingBuffer buffer;
    private DeadProcess dead;
    private Geometry geometry;
    private StalledWriters stalled;
    private long nowNs;

    @BeforeEach
    void make() throws IOException {
        make(new Geometry(64, 4, 0), true, 1000 * SECOND_NS);
    }

    private void make(Geometry shape, boolean overwrite, long abandonAfterNs) throws IOException {
        geometry = shape;
        buffer = memory.create(geometry, overwrite, null, abandonAfterNs);
        dead = new DeadProcess(memory, geometry, overwrite);
        stalled = new StalledWriters(buffer.ring, buffer.delivery, buffer.holes);
        nowNs = System.nanoTime();
    }

    private void write(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
        assertThat(TestBuffers.writer(buffer).write(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    private String read() {
        MemorySegment target = MemorySegment.ofArray(new byte[1024]);
        int read = buffer.read(target, 0, 1024);
        return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    /// Looks now and again after 11 ms, and does what it is told.
    private void lookTwice() {
        nowNs = Math.max(nowNs, System.nanoTime());
        for (int i = 0; i < 4; i++) {
            if (stalled.look(nowNs) == StalledWriters.Finding.CLOSE_FIRST) {
                buffer.flush();
            }
            nowNs += 11_000_000;
        }
    }

    private void reserveAndDie(int length) {
        assertThat(dead.reserveAndDie(length)).isPositive();
    }

    private List<InFlightScan.Writer> announced() {
        return InFlightScan.of(buffer.ring, memory.processes()::isAlive).writers();
    }

    @Test
    void theHoleOfADeadWriterIsPassedOver() {
        write("before ");
        reserveAndDie(10);
        write("after");
        assertThat(read()).isEqualTo("before ");
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandoned()).isEqualTo(1);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(10);
        assertThat(buffer.stats().bytesWritten()).isEqualTo(12);
        assertUsable();
    }

    @Test
    void aWriterThatDiedBeforeItsReservationCostsNothing() {
        dead.dieBeforeReserving(5);
        write("taken");
        reserveAndDie(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("takenafter");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    /// Nothing in the entry tells that the space is its own; the sum of all entries does.
    @Test
    void theHoleOfAWriterThatDiedRightAfterItsCasIsPassedOver() {
        write("before ");
        dead.dieBeforeBooking(10);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("before after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(10);
        assertUsable();
    }

    /// Nobody has reserved behind it, so nothing but the sum tells that it is not its own.
    @Test
    void aWriterThatDiedBeforeItsReservationAtTheEndIsForgotten() {
        write("all");
        dead.dieBeforeReserving(5);
        nowNs += SECOND_NS;
        lookTwice();
        assertThat(read()).isEqualTo("all");
        assertThat(announced()).isEmpty();
        assertUsable();
    }

    @Test
    void aWriterThatDiedAfterItsRecordWasWholeCostsNothing() {
        dead.dieBeforeClearing(5);
        reserveAndDie(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("\0\0\0\0\0after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertThat(buffer.stats().records()).isEqualTo(2);
        assertUsable();
    }

    @Test
    void ofTwoInDoubtTheSumTellsWhichHasReserved() {
        dead.dieBeforeReserving(7);
        dead.dieBeforeBooking(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandoned()).isEqualTo(1);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    /// The same place and length twice: whoever has it, it is one hole.
    @Test
    void twoInDoubtOfTheSamePlaceAreOneHole() {
        dead.dieBeforeReserving(5);
        dead.dieBeforeBooking(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    /// Different places, the same length: the sum fits both. The whole sub-buffer is given up, when its time has come.
    @Test
    void whatCouldBeEitherOfTwoCostsTheSubBuffer() {
        dead.dieBeforeReserving(5);
        write("taken");
        dead.dieBeforeBooking(5);
        write("after");
        buffer.flush();
        write("next");
        lookTwice();
        assertThat(read()).isEmpty();
        nowNs += 1001 * SECOND_NS;
        lookTwice();
        assertThat(read()).isEqualTo("next");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(15);
        assertThat(announced()).isEmpty();
        assertUsable();
        theHoleOfAWriterThatDiedRightAfterItsCasIsPassedOverOnceMore();
    }

    // What was missing from the sum is not missing for ever.
    private void theHoleOfAWriterThatDiedRightAfterItsCasIsPassedOverOnceMore() {
        buffer.flush();
        read();
        long before = buffer.stats().abandonedBytes();
        dead.dieBeforeBooking(3);
        write("more");
        lookTwice();
        assertThat(read()).isEqualTo("more");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(before + 3);
    }

    @Test
    void holesOfSeveralDeadWritersAreAllFound() {
        reserveAndDie(3);
        write("a");
        reserveAndDie(7);
        write("b");
        reserveAndDie(5);
        lookTwice();
        assertThat(read()).isEqualTo("ab");
        assertThat(buffer.stats().abandoned()).isEqualTo(3);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(15);
        assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aCloserThatDiesIsFinished(int steps) {
        write("abc");
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        if (steps > 0) {
            dead.swap(word, dead.closed(word));
        }
        if (steps > 1) {
            dead.book(entry);
        }
        if (steps > 2) {
            buffer.ring.count(BufferHeader.CLOSED_BYTES_OFFSET, 3);
            InFlightTable.setClosingRelease(entry, word | InFlightTable.COUNTED);
        }
        if (steps > 3) {
            dead.buffer.delivery.say(geometry.lap(word), 0, 3);
        }
        write("def");
        lookTwice();
        buffer.flush();
        lookTwice();
        assertThat(buffer.fileSize()).isEqualTo(6);
        assertThat(read()).isEqualTo("abcdef");
        assertThat(buffer.stats().abandoned()).isZero();
        assertUsable();
    }

    /// The close of a sub-buffer without a byte of room moves the ring by none: no sum tells of it.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCloserOfAFullSubBufferThatDiesIsFinished(int steps) {
        write("x".repeat(64));
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        if (steps > 0) {
            dead.swap(word, dead.closed(word));
        }
        if (steps > 1) {
            dead.book(entry);
        }
        write("def");
        lookTwice();
        buffer.flush();
        lookTwice();
        assertThat(buffer.fileSize()).isEqualTo(67);
        assertThat(read()).isEqualTo("x".repeat(64) + "def");
        assertThat(buffer.stats().abandoned()).isZero();
        assertUsable();
    }

    /// Nobody has gone on from there, because the buffer is full.
    @Test
    void aCloserOfAFullSubBufferThatDiesIsFinishedAlsoIfNobodyFollows() {
        write("x".repeat(64));
        long word = buffer.ring.reserve();
        dead.announceClose();
        dead.swap(word, dead.closed(word));
        lookTwice();
        assertThat(read()).isEqualTo("x".repeat(64));
        assertThat(buffer.stats().abandoned()).isZero();
        assertUsable();
    }

    /// Whose the change was makes no difference, and must not make one later.
    @Test
    void twoThatDieClosingTheSameLeaveNoDoubt() {
        write("abc");
        long word = buffer.ring.reserve();
        dead.announceClose();
        dead.announceClose();
        dead.swap(word, dead.closed(word));
        write("def");
        reserveAndDie(5);
        write("after");
        lookTwice();
        lookTwice();
        assertThat(read()).isEqualTo("abcdefafter");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    @Test
    void ofSeveralAnnouncedClosersTheLastOneCounts() {
        write("ab");
        dead.announceClose();
        write("cd");
        long word = buffer.ring.reserve();
        dead.announceClose();
        dead.swap(word, dead.closed(word));
        write("ef");
        lookTwice();
        assertThat(read()).isEqualTo("abcdef");
        assertUsable();
    }

    @Test
    void whatADeadWriterCompletedAndDidNotDeliverIsDelivered() {
        write("abc");
        buffer.flush();
        write("def");
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        dead.swap(word, dead.closed(word));
        dead.book(entry);
        dead.buffer.delivery.say(geometry.lap(word), 1, 3);
        InFlightTable.setClosingRelease(entry, 0);
        assertThat(buffer.produced()).isEqualTo(1);
        buffer.subBuffersConsumed(1);
        assertThat(buffer.isReadable()).isTrue();
        assertThat(buffer.produced()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWriterThatDiesWhileItSkipsIsFinished(boolean booked) {
        long late = buffer.ring.inFlight.claim();
        buffer.switcher.reserve(3, late);
        for (int i = 0; i < 6; i++) {
            buffer.flush();
        }
        // Slot 0 has somebody in it and was skipped; now the dead one skips it again and stops after its CAS.
        read();
        long word = buffer.ring.reserve();
        assertThat(geometry.index(word)).isEqualTo(3);
        long closed = dead.closed(word);
        long closer = buffer.ring.inFlight.enter();
        buffer.switcher.closeOnly(word, closer);
        buffer.delivery.leave(closer);
        long skipped = geometry.reserveWord(geometry.lap(word) + 1, 0, geometry.closedOffset(), geometry.liveBit());
        long entry = dead.announce(InFlightTable.NO_CLAIM, 0, skipped, closed, skipped);
        dead.swap(closed, skipped);
        if (booked) {
            dead.book(entry);
        }
        write("next");
        lookTwice();
        assertThat(read()).isEqualTo("next");
        buffer.delivery.leave(late);
        assertUsable();
    }

    @Test
    void theShareOfTheDeadIsPaidAlsoWhenALiveWriterIsStalledBesideIt() throws Exception {
        make(new Geometry(64, 4, 0), false, 50_000_000);
        RingReservation slow = new RingReservation();
        buffer.reserve(slow, 6);
        reserveAndDie(7);
        write("rest");
        buffer.flush();
        for (int i = 0; i < 20; i++) {
            stalled.look(nowNs);
            nowNs += 11_000_000;
        }
        assertThat(read()).isEqualTo("rest");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(13);
        slow.putBytes(0, "late..".getBytes(StandardCharsets.US_ASCII), 0, 6);
        slow.commit();
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(13);
        assertUsable();
    }

    @Test
    void aStalledReservationThatIsAbortedLateIsCountedOnce() throws Exception {
        make(new Geometry(64, 4, 0), false, 50_000_000);
        RingReservation slow = new RingReservation();
        buffer.reserve(slow, 6);
        write("rest");
        buffer.flush();
        for (int i = 0; i < 20; i++) {
            stalled.look(nowNs);
            nowNs += 11_000_000;
        }
        assertThat(read()).isEqualTo("rest");
        slow.abort();
        assertThat(buffer.stats().abandoned()).isEqualTo(1);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(6);
        assertUsable();
    }

    @Test
    void aSubBufferThatWasLappedWithAHoleInItIsUsableAgain() {
        reserveAndDie(10);
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        assertThat(buffer.stats().skipped()).isPositive();
        nowNs += SECOND_NS;
        lookTwice();
        assertUsable();
        assertThat(announced()).isEmpty();
    }

    @Test
    void aSubBufferThatWasLappedWithAHoleThatIsNotCertainIsUsableAgain() {
        dead.dieBeforeBooking(10);
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        assertThat(buffer.stats().skipped()).isPositive();
        nowNs += SECOND_NS;
        lookTwice();
        assertUsable();
        assertThat(announced()).isEmpty();
    }

    @Test
    void theSubBufferOfALivingWriterIsNotFreedForADeadOne() {
        RingReservation living = new RingReservation();
        assertThat(buffer.reserve(living, 10)).isEqualTo(10);
        reserveAndDie(10);
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        nowNs += SECOND_NS;
        lookTwice();
        assertThat(announced()).hasSize(1);
        assertThat(buffer.ring.isFree(0, geometry.lap(buffer.ring.reserve()) + 1))
                .isFalse();
        living.commit();
        assertUsable();
    }

    @Test
    void aSubBufferThatWasLappedWithoutItsCloserIsUsableAgain() {
        write("abc");
        long word = buffer.ring.reserve();
        dead.announceClose();
        dead.swap(word, dead.closed(word));
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        nowNs += SECOND_NS;
        lookTwice();
        assertUsable();
        read();
        assertThat(buffer.stats().bytesWritten()).isEqualTo(3 + 64 * 8);
        assertThat(buffer.stats().overwritten() + buffer.stats().bytesRead()).isEqualTo(3 + 64 * 8);
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "1, 8", "2, 8", "0, 4", "1, 4", "2, 4"})
    void anOpenerThatDiesWithAPaddingHeaderLeavesAHoleAndAHeader(int steps, int header) throws Exception {
        make(new Geometry(64, 4, header), true, 1000 * SECOND_NS);
        buffer.flush();
        buffer.subBuffersConsumed(1);
        // It opens slot 2 for a record of 10 bytes; what was there before is no header.
        buffer.subBuffer(2).fill((byte) 'o');
        long word = buffer.ring.reserve();
        long opened = geometry.startOf(geometry.position(word) + 1) | geometry.liveBit();
        long entry = dead.announce(opened, header + 10 | Extent.FROM_START, word, word, opened + header + 10);
        dead.swap(word, opened + header + 10);
        if (steps > 0) {
            dead.book(entry);
        }
        if (steps > 1) {
            dead.buffer.delivery.close(word, true, entry);
        }
        write("after");
        lookTwice();
        lookTwice();
        buffer.flush();
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(10);
        String zeros = "\0".repeat(header - 1);
        assertThat(read()).startsWith((char) (64 - header) + zeros + (char) (64 - header - 10 - 5) + zeros + "after");
        assertUsable();
    }

    /// It has opened a sub-buffer for a record that is too big: only the header is its own, and that is known.
    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void anOpenerThatDiesWithNothingButAHeaderLosesNothing(int header) throws Exception {
        make(new Geometry(64, 4, header), true, 1000 * SECOND_NS);
        buffer.flush();
        buffer.subBuffersConsumed(1);
        long word = buffer.ring.reserve();
        long opened = geometry.startOf(geometry.position(word) + 1) | geometry.liveBit();
        long entry = dead.announce(opened, header | Extent.FROM_START, word, word, opened + header);
        dead.swap(word, opened + header);
        dead.book(entry);
        dead.buffer.delivery.close(word, true, entry);
        write("after");
        lookTwice();
        lookTwice();
        buffer.flush();
        assertThat(buffer.stats().abandoned()).isZero();
        assertThat(read()).contains((char) (64 - header - 5) + "\0".repeat(header - 1) + "after");
        assertUsable();
    }

    /// It was about to give its reservation back.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aWriterThatDiesWhileItGivesItsReservationBackCostsItsBytesAtMost(int steps) {
        long entry = dead.entry();
        long place = dead.buffer.switcher.reserve(5, entry);
        InFlightTable.setDeltaOpaque(entry, -5);
        InFlightTable.setExtentOpaque(entry, dead.buffer.ring.inFlight.bits(entry) | Extent.MOVES | Extent.RETURNS | 5);
        if (steps > 0) {
            dead.swap(place + 5, place);
        }
        if (steps > 1) {
            dead.book(entry);
        }
        write("after");
        lookTwice();
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(steps > 0 ? 0 : 5);
        assertUsable();
    }

    /// Every sub-buffer can be filled again, twice round, and read.
    private void assertUsable() {
        long skipped = buffer.stats().skipped();
        read();
        int header = geometry.headerLength();
        String record = "x".repeat((int) geometry.subBufferSize() - header);
        for (int i = 0; i < 2 * geometry.subBufferCount(); i++) {
            write(record);
            read();
        }
        assertThat(buffer.stats().skipped()).isEqualTo(skipped);
        assertThat(buffer.stats().straggler()).isZero();
    }
}
