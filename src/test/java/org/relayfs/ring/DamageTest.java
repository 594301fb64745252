package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// Field case 1: what a buffer does when a word of its shared memory cannot be, word by word.
class DamageTest {
    private static final int SIZE = 4096;
    private static final int COUNT = 5;

    /// Room for eight sub-buffers: an index has three bits.
    private final TestBuffers memory = new TestBuffers(8 * SIZE, 8);

    private final Geometry geometry = new Geometry(SIZE, COUNT, 0);
    private final RingBuffer buffer = memory.create(geometry, false);
    private final RingBuffer attached = memory.view(geometry, false, null, memory.processes());
    private final AtomicInteger wakeups = new AtomicInteger();
    private final List<String> log = new ArrayList<>();

    DamageTest() {
        buffer.onDamage(log::add);
        buffer.setDeliveryListener(delivered -> wakeups.incrementAndGet());
    }

    private static int write(RingBuffer to, int length) {
        return TestBuffers.writer(to).write(0, new byte[length], 0, length);
    }

    private int read() {
        return buffer.read(MemorySegment.ofArray(new byte[100]), 0, 100);
    }

    private void store(int wordOffset, long value) {
        BufferHeader.setWordVolatile(memory.region(), wordOffset, value);
    }

    private void assertUnusable() {
        assertThatThrownBy(this::read).isInstanceOf(DamagedBufferException.class);
        assertThat(write(buffer, 3)).isEqualTo(WriteResult.DAMAGED);
        assertThat(write(attached, 3)).isEqualTo(WriteResult.DAMAGED);
        assertThat(buffer.reserve(new RingReservation(), 3)).isEqualTo(WriteResult.DAMAGED);
        assertThat(buffer.stats().damaged()).isTrue();
        assertThat(log).hasSize(1);
    }

    /// An index that has the bits, and no sub-buffer: the fast path must not take its place for one.
    @ParameterizedTest
    @CsvSource({"5, 0", "5, 5", "6, 0", "6, 5", "7, 5"})
    void aRecordIsNotLedToASubBufferThatIsNone(int index, int offset) {
        write(buffer, 10);
        store(BufferHeader.RESERVE_OFFSET, geometry.reserveWord(1, index, offset, geometry.liveBit()));
        byte[] record = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertThat(TestBuffers.writer(buffer).write(0, record, 0, record.length))
                .isEqualTo(WriteResult.DAMAGED);
        assertThat(TestBuffers.writer(attached).write(0, record, 0, record.length))
                .isEqualTo(WriteResult.DAMAGED);
        assertThat(buffer.data().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        assertUnusable();
    }

    /// A busy entry is a large number; one that is negative must not make room where there is none.
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -SIZE, -1, 1, SIZE, Long.MAX_VALUE})
    void whatStandsInAnEntryInFlightMakesNoRoom(long word) {
        write(buffer, SIZE - 3);
        InFlightTable.announce(buffer.ring.inFlight.own(), word, 0);
        assertThat(write(buffer, 10)).isEqualTo(10);
        long reserve = buffer.ring.reserve();
        assertThat(geometry.index(reserve)).isEqualTo(1);
        assertThat(geometry.offset(reserve)).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferHeader.RESERVE_OFFSET,
                BufferHeader.CONSUMED_OFFSET,
                BufferHeader.DELIVERED_OFFSET,
                BufferHeader.READ_OFFSET_OFFSET
            })
    void aWordThatCannotBeEndsTheBufferForAll(int wordOffset) {
        for (long value : new long[] {-1, -(1L << 40), Long.MIN_VALUE, 1L << 62, Long.MAX_VALUE}) {
            DamageTest fresh = new DamageTest();
            write(fresh.buffer, 10);
            fresh.store(wordOffset, value);
            fresh.assertUnusable();
        }
    }

    /// What is found names the word, its value and the limit.
    @Test
    void theMessageNamesTheWordItsValueAndItsLimit() {
        assertThat(found(BufferHeader.CONSUMED_OFFSET, -4000)).isEqualTo("CONSUMED=-4000, limit=0..10");
        assertThat(found(BufferHeader.CONSUMED_OFFSET, 11)).isEqualTo("CONSUMED=11, limit=0..10");
        assertThat(found(BufferHeader.DELIVERED_OFFSET, 7)).isEqualTo("DELIVERED=7, limit=0..6");
        assertThat(found(BufferHeader.READ_OFFSET_OFFSET, 4097)).isEqualTo("READ_OFFSET=4097, limit=0..4096");
        assertThat(found(BufferHeader.RESERVE_OFFSET, 0)).isEqualTo("RESERVE=0, limit=1 or more");
        assertThat(found(BufferHeader.RESERVE_OFFSET, geometry.reserveWord(3, 7, 5, 0)))
                .isEqualTo("RESERVE=507909: lap=3, limit=35184372088831; index=7, limit=4; offset=5, limit=4097");
    }

    /// Who has not looked at the buffer before takes nothing for granted.
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void theFirstLookFindsItToo(long word) {
        store(BufferHeader.RESERVE_OFFSET, word);
        assertThat(write(attached, 3)).isEqualTo(WriteResult.DAMAGED);
        assertThat(attached.isDamaged()).isTrue();
    }

    private static String found(int wordOffset, long value) {
        DamageTest fresh = new DamageTest();
        write(fresh.buffer, 10);
        fresh.store(wordOffset, value);
        assertThatThrownBy(fresh::read).isInstanceOf(DamagedBufferException.class);
        return fresh.log.getFirst();
    }

    /// A writer that has died in each sub-buffer has damaged nothing.
    @Test
    void stragglersAreNotTakenForDamage() {
        RingBuffer overwriting = memory.create(geometry, true);
        for (int i = 0; i < COUNT; i++) {
            RingReservation held = new RingReservation();
            overwriting.reserve(held, SIZE);
        }
        for (int i = 0; i < 5 * COUNT; i++) {
            assertThat(write(overwriting, 10)).isEqualTo(WriteResult.STRAGGLER);
        }
        assertThat(overwriting.isDamaged()).isFalse();
    }

    @Test
    void aDamagedBufferCannotBeEnabledAgain() {
        write(buffer, 10);
        store(BufferHeader.DELIVERED_OFFSET, -4000);
        assertThatThrownBy(this::read).isInstanceOf(DamagedBufferException.class);
        store(BufferHeader.DELIVERED_OFFSET, COUNT);
        buffer.setLive(false);
        buffer.setLive(true);
        assertUnusable();
    }

    /// A writer finds it, while somebody waits for data.
    @Test
    void whoWaitsIsTold() {
        buffer.armWakeup();
        store(BufferHeader.CONSUMED_OFFSET, 1L << 60);
        assertThat(write(buffer, SIZE)).isEqualTo(SIZE);
        assertThat(write(buffer, SIZE)).isEqualTo(WriteResult.DAMAGED);
        assertThat(wakeups).hasValue(1);
        assertThat(buffer.isReadable()).isTrue();
    }

    /// Nobody is told by the word that is gone; the look every 100 ms finds that somebody waits.
    @Test
    void whoWaitsIsToldAlsoWhenTheArmingWasOverwritten() {
        buffer.armWakeup();
        store(BufferHeader.ARMED_OFFSET, 0);
        write(buffer, 10);
        buffer.flush();
        assertThat(wakeups).hasValue(0);
        buffer.wakeIfReadable();
        assertThat(wakeups).hasValue(1);
        buffer.wakeIfReadable();
        assertThat(wakeups).hasValue(1);
        assertThat(buffer.isArmed()).isFalse();
    }

    /// Whose lock tells that a process lives is not for others to say.
    @Test
    void theDeadStayDeadWhereverTheirLocksAreSaidToBe() throws Exception {
        ProcessTable gone = memory.attach();
        memory.kill(gone);
        ChannelHeader.setWordPlain(memory.header(), ChannelHeader.LOCKS_OFFSET, Long.MIN_VALUE);
        assertThat(memory.processes().isAlive(gone.slot())).isFalse();
    }

    @Test
    void aChannelThatIsDamagedCanBeClosed() {
        store(BufferHeader.DELIVERED_OFFSET, -1);
        assertThatThrownBy(this::read).isInstanceOf(DamagedBufferException.class);
        assertThat(buffer.isFinalized()).isFalse();
        buffer.finalizeBuffer();
        assertThat(buffer.isFinalized()).isTrue();
        assertThat(write(attached, 3)).isEqualTo(WriteResult.CLOSED);
    }
}
