package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;
import org.relayfs.testing.RawEvents;
import org.relayfs.testing.RawEvents.Event;

/// What writers of events leave that die: everything can be parsed, by readers and through a mapping.
class DeadEventsTest {
    private static final int SIZE = 256;

    private final TestBuffers memory = new TestBuffers(1 << 16, 16);
    private final Geometry geometry = new Geometry(SIZE, 4, EventLayout.SUB_BUFFER_SIZE);
    private RingBuffer buffer;
    private DeadProcess dead;

    @BeforeEach
    void make() throws IOException {
        buffer = memory.create(geometry, true, null, 1_000_000_000_000L);
        dead = new DeadProcess(memory, geometry, true);
        // What an earlier lap has left.
        memory.data().memory().asSlice(80, 4 * SIZE - 80).fill((byte) 0xEE);
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(TextEvents.write(buffer, MemorySegment.ofArray(bytes), 0, bytes.length))
                .isEqualTo(bytes.length);
    }

    private List<Event> readAfterDeath() {
        StalledWriters stalled = new StalledWriters(buffer.ring, buffer.delivery, buffer.holes);
        long nowNs = System.nanoTime();
        for (int i = 0; i < 8; i++) {
            if (stalled.look(nowNs) == StalledWriters.Finding.CLOSE_FIRST) {
                buffer.flush();
            }
            nowNs += 11_000_000;
        }
        return RawEvents.read(buffer);
    }

    private List<Event> mapped(int index, int unused) {
        return RawEvents.parse(
                buffer.data().asSlice((long) index * SIZE, SIZE - unused).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aDeadWritersEventIsLostAndTheOthersAreThere() {
        write("before");
        assertThat(dead.reserveAndDie(30)).isPositive();
        write("after");
        List<Event> events = readAfterDeath();
        assertThat(events).extracting(Event::id).startsWith(2, 1, 0, 1);
        assertThat(events.get(2).payload()).hasSize(14);
        assertThat(events.get(2).time())
                .isBetween(events.get(1).time(), events.get(3).time());
        assertThat(mapped(0, events.getFirst().half(0))).extracting(Event::id).containsExactly(2, 1, 0, 1);
        assertThat(buffer.stats().abandoned()).isEqualTo(1);
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(30);
    }

    @Test
    void soIsThatOfOneThatDiedRightAfterItsCas() {
        write("before");
        dead.dieBeforeBooking(20);
        write("after");
        assertThat(readAfterDeath()).extracting(Event::id).startsWith(2, 1, 0, 1);
    }

    @Test
    void anOpenerThatDiedAtOnceLeavesAWholeFirstEvent() {
        write("before");
        buffer.flush();
        long word = buffer.ring.reserve();
        long opened = geometry.startOf(geometry.position(word) + 1) | geometry.live(word);
        // Nothing of the sub-buffer's first event is there, nor of the event behind it.
        long entry = dead.announce(
                opened,
                EventLayout.SUB_BUFFER_SIZE + 24 | Extent.FROM_START,
                word,
                word,
                opened + EventLayout.SUB_BUFFER_SIZE + 24);
        long time = InFlightTable.timeOpaque(entry);
        dead.swap(word, opened + EventLayout.SUB_BUFFER_SIZE + 24);
        dead.book(entry);
        write("after");
        List<Event> events = readAfterDeath();
        assertThat(events).extracting(Event::id).startsWith(2, 1, 2, 2, 0, 1);
        assertThat(events.get(3).time()).isEqualTo(time);
        assertThat(events.get(4).time()).isEqualTo(time);
        assertThat(events.get(3).word(8)).isEqualTo(2);
        assertThat(events.get(4).payload()).hasSize(8);
        assertThat(mapped(2, events.get(3).half(0))).extracting(Event::id).containsExactly(2, 0, 1);
    }

    @Test
    void aSubBufferOfWhichNobodyKnowsAnythingIsLostAsAWhole() {
        write("before");
        // Two who have announced different lengths, and a move that neither explains.
        dead.dieBeforeReserving(20);
        dead.dieBeforeReserving(40);
        long word = buffer.ring.reserve();
        dead.swap(word, word + 64);
        nobodyIsToldApart();
    }

    private void nobodyIsToldApart() {
        StalledWriters stalled = new StalledWriters(buffer.ring, buffer.delivery, buffer.holes);
        long nowNs = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            if (stalled.look(nowNs) == StalledWriters.Finding.CLOSE_FIRST) {
                buffer.flush();
            }
            nowNs += 2_000_000_000_000L;
        }
        write("next");
        assertThat(RawEvents.read(buffer)).extracting(Event::id).contains(1);
        int unused = buffer.data().get(ValueLayout.JAVA_INT_UNALIGNED, EventLayout.UNUSED_OFFSET);
        assertThat(mapped(0, unused)).extracting(Event::id).startsWith(2, 0).doesNotContain(1);
    }
}
