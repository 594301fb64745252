package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.Geometry;

class ReservationTest {
    private final RingBuffer buffer = new TestBuffers(1 << 16, 8).create(new Geometry(64, 4, 0), false);
    private final RingReservation reservation = new RingReservation();

    private void write(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
        assertThat(buffer.write(MemorySegment.ofArray(bytes), 0, bytes.length)).isEqualTo(bytes.length);
    }

    private void reserve(RingReservation space, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
        assertThat(buffer.reserve(space, bytes.length)).isEqualTo(bytes.length);
        space.putBytes(0, bytes, 0, bytes.length);
    }

    private String read() {
        MemorySegment target = MemorySegment.ofArray(new byte[1024]);
        int read = buffer.read(target, 0, 1024);
        return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    @Test
    void isSeenWhenItIsCommitted() {
        reserve(reservation, "abc");
        assertThat(reservation.isOpen()).isTrue();
        assertThat(reservation.length()).isEqualTo(3);
        assertThat(reservation.buffer()).isSameAs(buffer);
        assertThat(reservation.memory().byteSize()).isEqualTo(3);
        assertThat(read()).isEmpty();
        assertThat(buffer.stats().records()).isZero();
        reservation.commit();
        assertThat(reservation.isOpen()).isFalse();
        assertThat(read()).isEqualTo("abc");
        assertThat(buffer.stats().records()).isEqualTo(1);
    }

    @Test
    void nothingBehindItIsSeenBeforeItIsCommitted() {
        write("a");
        reserve(reservation, "b");
        write("c");
        assertThat(read()).isEqualTo("a");
        assertThat(read()).isEmpty();
        reservation.commit();
        assertThat(read()).isEqualTo("bc");
    }

    @Test
    void canBeUsedAgainAndAgain() {
        StringBuilder expected = new StringBuilder();
        StringBuilder actual = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            reserve(reservation, "record " + i);
            if (i % 3 == 0) {
                reservation.abort();
            } else {
                reservation.commit();
                expected.append("record ").append(i);
            }
            actual.append(read());
        }
        assertThat(actual).hasToString(expected.toString());
    }

    @Test
    void takesValuesInNativeOrderAlignedOrNot() {
        assertThat(buffer.reserve(reservation, 14)).isEqualTo(14);
        reservation.putByte(0, (byte) 1);
        reservation.putInt(1, 0x05040302);
        reservation.putLong(5, 0x0D0C0B0A09080706L);
        reservation.putBytes(13, new byte[] {99, 14, 99}, 1, 1);
        reservation.commit();
        byte[] expected = new byte[14];
        for (int i = 0; i < 14; i++) {
            expected[i] = (byte) (i + 1);
        }
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            assertThat(read().getBytes(StandardCharsets.US_ASCII)).isEqualTo(expected);
        }
    }

    @Test
    void checksEveryAccess() {
        write("before");
        assertThat(buffer.reserve(reservation, 8)).isEqualTo(8);
        List<Runnable> outside = List.of(
                () -> reservation.putByte(8, (byte) 1),
                () -> reservation.putByte(-1, (byte) 1),
                () -> reservation.putInt(5, 1),
                () -> reservation.putLong(1, 1),
                () -> reservation.putBytes(0, new byte[9], 0, 9),
                () -> reservation.putBytes(0, new byte[4], 2, 4),
                () -> reservation.putBytes(Long.MAX_VALUE, new byte[4], 0, 4),
                () -> reservation.memory().set(ValueLayout.JAVA_BYTE, 8, (byte) 1));
        for (Runnable access : outside) {
            assertThatThrownBy(access::run).isInstanceOf(IndexOutOfBoundsException.class);
        }
        reservation.putLong(0, 0x4141414141414141L);
        reservation.commit();
        write("after");
        assertThat(read()).isEqualTo("beforeAAAAAAAAafter");
    }

    @Test
    void isOverAfterItsCommit() {
        reserve(reservation, "abc");
        reservation.commit();
        List<Runnable> late = List.of(
                reservation::commit,
                reservation::abort,
                reservation::memory,
                reservation::buffer,
                reservation::length,
                () -> reservation.putByte(0, (byte) 1),
                () -> reservation.putInt(0, 1),
                () -> reservation.putLong(0, 1),
                () -> reservation.putBytes(0, new byte[1], 0, 1));
        for (Runnable access : late) {
            assertThatThrownBy(access::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nothing is reserved");
        }
        assertThat(read()).isEqualTo("abc");
    }

    @Test
    void cannotBeReservedTwice() {
        reserve(reservation, "abc");
        assertThatThrownBy(() -> buffer.reserve(reservation, 1)).isInstanceOf(IllegalStateException.class);
        reservation.commit();
        assertThat(read()).isEqualTo("abc");
    }

    @Test
    void aNegativeLengthIsACallersMistake() {
        assertThatThrownBy(() -> buffer.reserve(reservation, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=-1");
        assertThat(reservation.isOpen()).isFalse();
    }

    @Test
    void refusalsAreCountedLikeThoseOfWrites() {
        assertThat(buffer.reserve(reservation, 65)).isEqualTo(WriteResult.TOO_BIG);
        for (int i = 0; i < 4; i++) {
            write("x".repeat(64));
        }
        assertThat(buffer.reserve(reservation, 5)).isEqualTo(WriteResult.FULL);
        assertThat(buffer.stats().big()).isEqualTo(1);
        assertThat(buffer.stats().full()).isEqualTo(1);
        assertThat(buffer.stats().lostBytes()).isEqualTo(70);
        assertThat(reservation.isOpen()).isFalse();
        buffer.setLive(false);
        assertThat(buffer.reserve(reservation, 1)).isEqualTo(WriteResult.DISABLED);
        assertThat(buffer.reserve(reservation, 65)).isEqualTo(WriteResult.DISABLED);
        buffer.finalizeBuffer();
        assertThat(buffer.reserve(reservation, 1)).isEqualTo(WriteResult.CLOSED);
        assertThat(buffer.stats().lostBytes()).isEqualTo(70);
    }

    @Test
    void theLastOneIsUndoneByAbort() {
        write("abc");
        reserve(reservation, "gone");
        reservation.abort();
        write("def");
        buffer.flush();
        assertThat(read()).isEqualTo("abcdef");
        assertThat(buffer.paddingBytes(0)).isEqualTo(58);
        assertThat(buffer.stats().bytesWritten()).isEqualTo(6);
        assertThat(buffer.stats().abandoned()).isZero();
    }

    @Test
    void oneInTheMiddleLeavesAHole() {
        write("abc");
        reserve(reservation, "gone");
        write("def");
        reservation.abort();
        assertThat(read()).isEqualTo("abcdef");
        buffer.flush();
        assertThat(buffer.paddingBytes(0)).isEqualTo(54);
        assertThat(buffer.fileSize()).isEqualTo(10);
        BufferStats stats = buffer.stats();
        assertThat(stats.abandoned()).isEqualTo(1);
        assertThat(stats.abandonedBytes()).isEqualTo(4);
        assertThat(stats.bytesWritten()).isEqualTo(6);
        assertThat(stats.records()).isEqualTo(2);
        assertThat(buffer.data().asSlice(3, 4).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }

    @Test
    void eightHolesInASubBufferArePassedOverAndMoreAreZeroBytes() {
        List<RingReservation> open = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            RingReservation space = new RingReservation();
            reserve(space, "xy");
            open.add(space);
        }
        write("end");
        open.forEach(RingReservation::abort);
        assertThat(read()).isEqualTo("\0\0end");
        assertThat(buffer.stats().abandoned()).isEqualTo(9);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(18);
    }

    @Test
    void holesOfEarlierLapsAreForgotten() {
        for (int lap = 0; lap < 12; lap++) {
            reserve(reservation, "gone");
            write("lap");
            reservation.abort();
            buffer.flush();
            assertThat(read()).isEqualTo("lap");
        }
    }

    @Test
    void severalAreCommittedInAnyOrder() {
        List<RingReservation> open = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            RingReservation space = new RingReservation();
            reserve(space, String.valueOf((char) ('a' + i % 26)));
            open.add(space);
        }
        String all = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            open.get(i * 7 % 40).commit();
            // All before the first that is still open.
            int first = (int) open.stream().takeWhile(space -> !space.isOpen()).count();
            seen.append(read());
            assertThat(seen).hasToString(all.substring(0, first));
        }
    }

    @Test
    void mayBeHandedToAnotherThread() throws InterruptedException {
        reserve(reservation, "abc");
        Thread other = Thread.ofVirtual().start(reservation::commit);
        other.join();
        assertThat(read()).isEqualTo("abc");
    }

    @Test
    void nothingLongIsReservedByLengthZero() {
        assertThat(buffer.reserve(reservation, 0)).isZero();
        assertThat(reservation.memory().byteSize()).isZero();
        reservation.commit();
        assertThat(buffer.reserve(reservation, 0)).isZero();
        reservation.abort();
        assertThat(buffer.stats().records()).isZero();
        assertThat(buffer.hasData()).isFalse();
    }

    @Test
    void oneThatIsOpenWhenTheBufferIsClosedMayBeFinished() {
        reserve(reservation, "last");
        buffer.finalizeBuffer();
        assertThat(read()).isEmpty();
        reservation.commit();
        assertThat(read()).isEqualTo("last");
    }

    @Test
    void oneFromBeforeAResetIsHarmless() {
        reserve(reservation, "old");
        RingReservation aborted = new RingReservation();
        reserve(aborted, "older");
        buffer.reset();
        write("new");
        reservation.commit();
        aborted.abort();
        assertThat(read()).isEqualTo("new");
        assertThat(buffer.stats().records()).isEqualTo(1);
        assertThat(buffer.stats().abandoned()).isZero();
    }
}
