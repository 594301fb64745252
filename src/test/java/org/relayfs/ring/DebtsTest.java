package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;

/// What is paid for whom: the dead, the living and those who only look as if they owed something. The writers are
/// played, as in [DeadWritersTest].
class DebtsTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final TestBuffers memory = new TestBuffers(1 << 12, 4);
    private final Geometry geometry = new Geometry(64, 4, 0);
    private final RingBuffer buffer = memory.create(geometry, true, null, SECOND_NS);
    private final RingBuffer dead;
    private final StalledWriters stalled = new StalledWriters(buffer.ring, buffer.delivery, buffer.holes);
    private long nowNs = System.nanoTime();
    private int entries;

    DebtsTest() throws IOException {
        ProcessTable gone = memory.attach();
        memory.kill(gone);
        dead = memory.view(geometry, true, null, gone);
    }

    private long entry() {
        return InFlightTable.entry(buffer.ring.region, entries++);
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
    private long announceAndClose(RingBuffer closer, long entry) {
        long word = buffer.ring.reserve();
        InFlightTable.announceOpaque(entry, word, closer.ring.processBits);
        InFlightTable.closingRelease(entry, word);
        long closed = word - geometry.offset(word) + geometry.closedOffset();
        assertThat(BufferHeader.reserveCompareAndSet(buffer.ring.region, word, closed))
                .isTrue();
        return word;
    }

    private void assertNothingIsOwed(int index) {
        long commit = SubBufferTable.commitVolatile(buffer.ring.entry(index));
        assertThat(geometry.isBalanced(commit)).as("balanced").isTrue();
        assertThat(geometry.lapsAhead(commit, geometry.lapsPassed(buffer.ring.reserve(), index)))
                .as("laps")
                .isZero();
    }

    /// It gives its reservation back, somebody else takes the space, and only then it dies.
    @Test
    void anAbortedReservationOfTheDeadIsNoHole() {
        long entry = entry();
        long place = dead.switcher.reserve(5, entry);
        RingReservation.giveBack(dead, place, 5, entry);
        write("taken");
        dead.switcher.reserve(5, entry());
        write("after");
        look(11_000_000);
        assertThat(read()).isEqualTo("takenafter");
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(5);
    }

    /// A living closer that is stopped for longer than `abandonAfter` adds for itself when it comes back.
    @Test
    void nothingIsPaidForALivingCloser() {
        write("abc");
        long entry = entry();
        long word = announceAndClose(buffer, entry);
        write("def");
        look(2 * SECOND_NS);
        assertThat(buffer.produced()).isEqualTo(1);
        buffer.delivery.close(word, true, entry);
        InFlightTable.closingRelease(entry, 0);
        InFlightTable.clearRelease(entry);
        assertNothingIsOwed(geometry.index(word));
        write("x".repeat(64));
        assertThat(buffer.stats().skipped()).isZero();
    }

    @Test
    void aDeadCloserIsPaidFor() {
        write("abc");
        long word = announceAndClose(dead, entry());
        write("def");
        look(11_000_000);
        assertThat(read()).isEqualTo("abcdef");
        assertNothingIsOwed(geometry.index(word));
    }

    /// One that died after its add still announces a close; the debt is that of a later one of the same sub-buffer.
    @Test
    void ofTwoDeadClosersOfASubBufferTheLaterOneOwes() {
        write("abc");
        long early = entry();
        long first = announceAndClose(dead, early);
        dead.delivery.close(first, true, early);
        for (int i = 0; i < 4; i++) {
            write("x".repeat(64));
        }
        buffer.flush();
        long word = buffer.ring.reserve();
        while (geometry.index(word) != geometry.index(first)) {
            buffer.flush();
            word = buffer.ring.reserve();
        }
        write("12345");
        word = announceAndClose(dead, entry());
        for (int i = 0; i < 9; i++) {
            write("y".repeat(64));
        }
        assertThat(buffer.ring.delivered()).isGreaterThan(geometry.position(word));
        nowNs += SECOND_NS;
        look(SECOND_NS);
        assertNothingIsOwed(geometry.index(word));
    }

    private byte[] stored(long place, int length) {
        long offset = geometry.index(place) * geometry.subBufferSize() + geometry.offset(place);
        return buffer.data().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Whoever looks through a mapping sees zeros where a writer died, and not the half of a record.
    @Test
    void theBytesOfTheDeadAreZeroed() {
        long place = dead.switcher.reserve(6, entry());
        dead.writable(geometry.index(place), geometry.offset(place), 6).fill((byte) 'x');
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
        dead.switcher.reserve(10, entry());
        buffer.flush();
        write("def");
        for (int i = 0; i < 20; i++) {
            assertThat(stalled.look(nowNs)).isEqualTo(StalledWriters.Finding.NONE);
            // A commit word that moves, and comes back to what owes ten bytes.
            buffer.delivery.commit(0, 0, 1);
            nowNs += 11_000_000;
        }
        look(11_000_000);
        assertThat(read()).isEqualTo("abcdef");
    }
}
