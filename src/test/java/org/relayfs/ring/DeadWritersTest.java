package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;

/// Writers of another process that die at each step of a write, a switch or a skip. The dead process is played: its
/// stores are made step by step and then just not continued.
class DeadWritersTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final TestBuffers memory = new TestBuffers(1 << 16, 16);
    private RingBuffer buffer;
    private RingBuffer dead;
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
        ProcessTable gone = memory.attach();
        memory.kill(gone);
        dead = memory.view(geometry, overwrite, null, gone);
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

    // An entry of its own for each of the dead, like threads of different hash.
    private int deaths;

    private long entry() {
        return InFlightTable.entry(buffer.ring.region, deaths++);
    }

    private long reserveAndDie(int length) {
        long place = dead.switcher.reserve(length, entry());
        assertThat(place).isPositive();
        return place;
    }

    private void dieBeforeReserving(int length) {
        InFlightTable.announceOpaque(entry(), buffer.ring.reserve(), dead.ring.processBits | length);
    }

    private void commitAndDie(int length) {
        long entry = entry();
        long place = dead.switcher.reserve(length, entry);
        InFlightTable.committingOpaque(entry);
        dead.delivery.commit(geometry.index(place), length, 1);
    }

    @Test
    void theHoleOfADeadWriterIsPassedOver() {
        write("before ");
        reserveAndDie(10);
        write("after");
        assertThat(read()).isEmpty();
        lookTwice();
        assertThat(read()).isEqualTo("before after");
        assertThat(buffer.stats().abandoned()).isEqualTo(1);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(10);
        assertThat(buffer.stats().bytesWritten()).isEqualTo(12);
        assertUsable();
    }

    @Test
    void aLiveWriterOfTheSameHashDoesNotHideTheHole() {
        InFlightTable.announceOpaque(
                InFlight.ofThread(buffer.ring.region), buffer.ring.reserve(), dead.ring.processBits);
        long place = dead.switcher.reserve(10, InFlight.ofThread(buffer.ring.region));
        assertThat(place).isPositive();
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(10);
        assertUsable();
    }

    @Test
    void aWriterThatDiedBeforeItsReservationCostsNothing() {
        dieBeforeReserving(5);
        write("taken");
        reserveAndDie(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("takenafter");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    @Test
    void aWriterThatDiedAfterItsCommitCostsNothing() {
        commitAndDie(5);
        reserveAndDie(5);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("\0\0\0\0\0after");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
        assertUsable();
    }

    @Test
    void whatCouldBeEitherOfTwoIsTakenForBoth() {
        commitAndDie(5);
        long entry = entry();
        dead.switcher.reserve(5, entry);
        InFlightTable.committingOpaque(entry);
        write("after");
        lookTwice();
        assertThat(read()).isEqualTo("after");
        assertThat(buffer.stats().abandoned()).isEqualTo(2);
        assertUsable();
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

    @Test
    void aHoleThatNobodyHasAnnouncedCostsItsWholeSubBufferAndIsCountedInBytes() {
        write("before");
        dead.switcher.reserve(10, InFlightTable.entry(buffer.ring.region, 40));
        InFlightTable.clearRelease(InFlightTable.entry(buffer.ring.region, 40));
        write("after");
        buffer.flush();
        write("next");
        nowNs = System.nanoTime();
        stalled.look(nowNs);
        stalled.look(nowNs + 1001 * SECOND_NS);
        assertThat(read()).isEqualTo("next");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aCloserThatDiesIsFinished(int steps) {
        write("abc");
        long word = buffer.ring.reserve();
        long entry = entry();
        InFlightTable.announceOpaque(entry, word, dead.ring.processBits);
        InFlightTable.closingRelease(entry, word);
        if (steps > 0) {
            long closed = word - geometry.offset(word) + geometry.closedOffset();
            BufferHeader.reserveCompareAndSet(buffer.ring.region, word, closed);
        }
        if (steps > 1) {
            buffer.ring.count(BufferHeader.CLOSED_BYTES_OFFSET, 3);
            InFlightTable.closingRelease(entry, word | InFlightTable.COUNTED);
        }
        if (steps > 2) {
            SubBufferTable.setInfoVolatile(buffer.ring.entry(0), buffer.ring.info(geometry.lap(word), 3));
        }
        write("def");
        lookTwice();
        buffer.flush();
        assertThat(buffer.fileSize()).isEqualTo(6);
        assertThat(read()).isEqualTo("abcdef");
        assertThat(buffer.stats().abandoned()).isZero();
        assertUsable();
    }

    @Test
    void ofSeveralAnnouncedClosersTheLastOneCounts() {
        write("ab");
        long early = buffer.ring.reserve();
        long entry = entry();
        InFlightTable.announceOpaque(entry, early, dead.ring.processBits);
        InFlightTable.closingRelease(entry, early);
        write("cd");
        long word = buffer.ring.reserve();
        long second = entry();
        InFlightTable.announceOpaque(second, word, dead.ring.processBits);
        InFlightTable.closingRelease(second, word);
        BufferHeader.reserveCompareAndSet(
                buffer.ring.region, word, word - geometry.offset(word) + geometry.closedOffset());
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
        long entry = buffer.ring.entry(1);
        BufferHeader.reserveCompareAndSet(
                buffer.ring.region, word, word - geometry.offset(word) + geometry.closedOffset());
        SubBufferTable.setInfoVolatile(entry, buffer.ring.info(geometry.lap(word), 3));
        SubBufferTable.commitGetAndAdd(entry, geometry.lapUnit() - 3);
        assertThat(buffer.produced()).isEqualTo(1);
        buffer.subBuffersConsumed(1);
        assertThat(buffer.isReadable()).isTrue();
        assertThat(buffer.produced()).isEqualTo(2);
    }

    @Test
    void aWriterThatDiesWhileItSkipsIsFinished() {
        long late = buffer.switcher.reserve(3, entryOfAlive());
        for (int i = 0; i < 4; i++) {
            buffer.flush();
        }
        // Slot 0 owed three bytes and was skipped; now the dead one skips it again and stops after its CAS.
        for (int i = 0; i < 2; i++) {
            buffer.flush();
        }
        read();
        long word = buffer.ring.reserve();
        assertThat(geometry.index(word)).isEqualTo(3);
        long closed = word - geometry.offset(word) + geometry.closedOffset();
        buffer.switcher.closeOnly(word, entryOfAlive());
        long lap = geometry.lap(word) + 1;
        long skipped = geometry.reserveWord(lap, 0, geometry.closedOffset(), geometry.liveBit());
        long entry = entry();
        InFlightTable.announceOpaque(entry, skipped, dead.ring.processBits);
        InFlightTable.closingRelease(entry, skipped);
        assertThat(BufferHeader.reserveCompareAndSet(buffer.ring.region, closed, skipped))
                .isTrue();
        write("next");
        lookTwice();
        assertThat(read()).isEqualTo("next");
        buffer.delivery.commit(geometry.index(late), 3, 1);
        assertUsable();
    }

    private int living;

    private long entryOfAlive() {
        return InFlightTable.entry(buffer.ring.region, 20 + living++);
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
        assertThat(InFlightScan.of(geometry, memory.processes()::isAlive, memory.region())
                        .writers())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, InFlightTable.RESERVED | InFlightTable.COMMITTING})
    void aSubBufferThatWasLappedWithAHoleThatIsNotCertainIsUsableAgain(long states) {
        long entry = entry();
        assertThat(dead.switcher.reserve(10, entry)).isPositive();
        InFlightTable.statesOpaque(entry, states);
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        assertThat(buffer.stats().skipped()).isPositive();
        nowNs += SECOND_NS;
        lookTwice();
        assertUsable();
        assertThat(InFlightScan.of(geometry, memory.processes()::isAlive, memory.region())
                        .writers())
                .isEmpty();
    }

    @Test
    void whatALivingWriterOwesIsNotPaidForADeadOneOfAnEarlierLap() {
        commitAndDie(10);
        for (int i = 0; i < 4; i++) {
            buffer.flush();
        }
        RingReservation living = new RingReservation();
        assertThat(buffer.reserve(living, 10)).isEqualTo(10);
        for (int i = 0; i < 9; i++) {
            buffer.flush();
        }
        nowNs += SECOND_NS;
        lookTwice();
        assertThat(buffer.ring.geometry.isBalanced(SubBufferTable.commitVolatile(buffer.ring.entry(0))))
                .isFalse();
        living.commit();
        assertUsable();
    }

    @Test
    void aSubBufferThatWasLappedWithoutItsCloserIsUsableAgain() {
        write("abc");
        long word = buffer.ring.reserve();
        long entry = entry();
        InFlightTable.announceOpaque(entry, word, dead.ring.processBits);
        InFlightTable.closingRelease(entry, word);
        BufferHeader.reserveCompareAndSet(
                buffer.ring.region, word, word - geometry.offset(word) + geometry.closedOffset());
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
    @ValueSource(ints = {0, 1, 2, 3})
    void anOpenerThatDiesWithAPaddingHeaderLeavesAHole(int steps) throws Exception {
        make(new Geometry(64, 4, 8), true, 1000 * SECOND_NS);
        // It opens slot 1 for a record of 10 bytes.
        buffer.flush();
        buffer.subBuffersConsumed(1);
        long entry = entry();
        long word = buffer.ring.reserve();
        long opened = word - geometry.offset(word);
        InFlightTable.announceOpaque(entry, opened, dead.ring.processBits | 18);
        // Its CAS took header and record at once; the header of the fixture's own opener stands for it.
        BufferHeader.reserveCompareAndSet(buffer.ring.region, word, word + 10);
        SubBufferTable.commitGetAndAdd(buffer.ring.entry(1), -8);
        InFlightTable.statesOpaque(entry, InFlightTable.RESERVED);
        if (steps > 0) {
            InFlightTable.committingOpaque(entry);
        }
        if (steps > 1) {
            SubBufferTable.commitGetAndAdd(buffer.ring.entry(1), 8);
        }
        if (steps > 2) {
            InFlightTable.statesOpaque(entry, InFlightTable.RESERVED | InFlightTable.HEADER_DONE);
        }
        write("after");
        lookTwice();
        byte[] header = {38 + 3, 0, 0, 0, 0, 0, 0, 0};
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(steps > 1 ? 10 : 18);
        String expected = steps > 1 ? new String(header, StandardCharsets.US_ASCII) + "after" : "after";
        assertThat(read()).isEqualTo(expected + (char) 0 + "\0\0\0\0\0\0\0");
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
