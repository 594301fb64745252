package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// What is done for whom: the dead, the living and those who only look as if they had left something. The writers are
/// played, as in [DeadWritersTest].
class DebtsTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final TestBuffers memory = new TestBuffers(1 << 12, 4);
    private final Geometry geometry = new Geometry(64, 4, 0);
    private final RingBuffer buffer = memory.create(geometry, true, null, SECOND_NS);
    private final DeadProcess dead;
    private final StalledWriters stalled = new StalledWriters(buffer.ring, buffer.delivery, buffer.holes);
    private long nowNs = System.nanoTime();

    DebtsTest() throws IOException {
        dead = new DeadProcess(memory, geometry, true);
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

    /// Looks now and then, and does what it is told: twice at what is open, and twice at what is closed then.
    private void look(long gapNs) {
        for (int i = 0; i < 4; i++) {
            if (stalled.look(nowNs) == StalledWriters.Finding.CLOSE_FIRST) {
                buffer.flush();
            }
            nowNs += gapNs;
        }
    }

    /// Takes the open sub-buffer out of that state, as a closer does, and nothing else.
    private long announceAndClose() {
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        dead.swap(word, dead.closed(word));
        dead.book(entry);
        return word;
    }

    private void assertNobodyIsThere(long word) {
        assertThat(buffer.ring.isFree(geometry.index(word), geometry.lap(word) + 1))
                .isTrue();
    }

    /// It gives its reservation back, somebody else takes the space, and only then it dies.
    @Test
    void anAbortedReservationOfTheDeadIsNoHole() {
        long entry = dead.entry();
        long place = dead.buffer.switcher.reserve(5, entry);
        RingReservation.giveBack(dead.buffer, place, 5, entry);
        write("taken");
        dead.reserveAndDie(5);
        write("after");
        look(11_000_000);
        assertThat(read()).isEqualTo("takenafter");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
    }

    /// A living closer that is stopped for longer than `abandonAfter` ends its close when it comes back.
    @Test
    void nothingIsDoneTwiceForALivingCloser() {
        write("abc");
        long word = buffer.ring.reserve();
        long entry = buffer.ring.inFlight.claim();
        long closed = dead.closed(word);
        assertThat(buffer.switcher.move.tryOnce(entry, InFlightTable.NO_CLAIM, 0, word, word, closed))
                .isTrue();
        write("def");
        look(2 * SECOND_NS);
        assertThat(buffer.produced()).isEqualTo(1);
        assertThat(buffer.fileSize()).isZero();
        buffer.delivery.close(word, true, entry);
        buffer.delivery.leave(entry);
        assertThat(buffer.fileSize()).isEqualTo(3);
        assertNobodyIsThere(word);
        write("x".repeat(64));
        assertThat(buffer.stats().skipped()).isZero();
    }

    @Test
    void aDeadCloserIsFinished() {
        write("abc");
        long word = announceAndClose();
        write("def");
        look(11_000_000);
        assertThat(read()).isEqualTo("abcdef");
        assertNobodyIsThere(word);
    }

    /// Both were lapped before anybody looked.
    @Test
    void theBytesOfDeadClosersThatWereLappedAreCountedOnce() {
        write("abc");
        long first = announceAndClose();
        for (int i = 0; i < 9; i++) {
            write("x".repeat(64));
        }
        assertThat(buffer.ring.delivered()).isGreaterThan(geometry.position(first));
        nowNs += SECOND_NS;
        look(SECOND_NS);
        assertNobodyIsThere(first);
        read();
        buffer.flush();
        assertThat(buffer.fileSize()).isEqualTo(3 + 9 * 64);
    }

    private byte[] stored(long place, int length) {
        long offset = geometry.index(place) * geometry.subBufferSize() + geometry.offset(place);
        return buffer.data().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Whoever looks through a mapping sees zeros where a writer died, and not the half of a record.
    @Test
    void theBytesOfTheDeadAreZeroed() {
        long place = dead.reserveAndDie(6);
        dead.buffer.writable(geometry.index(place), geometry.offset(place), 6).fill((byte) 'x');
        write("after");
        look(11_000_000);
        assertThat(read()).isEqualTo("after");
        assertThat(stored(place, 6)).containsOnly(0);
    }

    /// One that is only slow may still be storing there.
    @Test
    void theBytesOfALivingWriterAreLeftToIt() {
        RingReservation slow = new RingReservation();
        buffer.reserve(slow, 6);
        slow.putBytes(0, "slowly".getBytes(StandardCharsets.US_ASCII), 0, 6);
        write("after");
        look(2 * SECOND_NS);
        assertThat(read()).isEqualTo("after");
        assertThat(stored(geometry.reserveWord(1, 0, 0, 0), 6)).isEqualTo("slowly".getBytes(StandardCharsets.US_ASCII));
        slow.commit();
    }

    /// Between two looks something moves: what was read does not belong together, and nothing is given up.
    @Test
    void nothingIsGivenUpWhileSomethingMoves() {
        write("abc");
        dead.reserveAndDie(10);
        long busy = buffer.ring.inFlight.claim();
        buffer.flush();
        write("def");
        for (int i = 0; i < 20; i++) {
            assertThat(stalled.look(nowNs)).isEqualTo(StalledWriters.Finding.NONE);
            InFlightTable.announce(busy, geometry.startOf(4) + i, buffer.ring.inFlight.bits(busy));
            nowNs += 11_000_000;
        }
        buffer.delivery.leave(busy);
        look(11_000_000);
        assertThat(read()).isEqualTo("abcdef");
    }
}
