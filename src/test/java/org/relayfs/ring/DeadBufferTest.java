package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Extent;
import org.relayfs.layout.Geometry;
import org.relayfs.layout.InFlightTable;

/// A buffer whose owner and writers are dead: what is read of its files is what its owner would have read, had it
/// lived.
class DeadBufferTest {
    private static final long AGES_NS = 5_000_000_000_000L;
    private static final int ROUNDS = Integer.getInteger("relayfs.recover.sequences", 500);
    private static final long SEED = Long.getLong("relayfs.fuzz.seed", System.nanoTime() & 0xffffff);

    private final TestBuffers memory = new TestBuffers(1 << 12, 16);

    @TempDir
    private Path temp;

    private Geometry geometry;
    private boolean overwrite;
    private RingBuffer buffer;
    private DeadProcess dead;

    private void make(Geometry shape, boolean mode) throws IOException {
        geometry = shape;
        overwrite = mode;
        buffer = memory.create(shape, mode);
        dead = new DeadProcess(memory, shape, mode);
    }

    private int write(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
        return TestBuffers.writer(buffer).write(0, bytes, 0, bytes.length);
    }

    private String read(int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        int read = buffer.read(target, 0, length);
        return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    private DeadFolder.Content recovered(boolean all) throws IOException {
        return new DeadFolder(temp, memory, geometry, overwrite).read(all);
    }

    /// What the owner hands out when it takes everybody for dead, itself included, and has waited for long.
    private String ownerReads() throws IOException {
        Holes holes = new Holes(buffer.ring);
        // Of its own, without the looks of the buffer's, to which the time is another.
        BufferReader reader = new BufferReader(buffer.ring, holes);
        StalledWriters stalled = new StalledWriters(buffer.ring, buffer.delivery, holes, process -> false);
        StringBuilder text = new StringBuilder(readAll(reader));
        long nowNs = System.nanoTime();
        for (int i = 0; i < 4 * geometry.subBufferCount() + 8; i++) {
            if (stalled.look(nowNs) == StalledWriters.Finding.CLOSE_FIRST) {
                // Nothing that it still holds may be overwritten by that.
                long entry = buffer.ring.inFlight.claim();
                buffer.switcher.closeOnly(buffer.ring.reserve(), entry);
                InFlightTable.release(entry);
            }
            nowNs += AGES_NS;
            text.append(readAll(reader));
        }
        return text.toString();
    }

    private static String readAll(BufferReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        long taken;
        do {
            taken = reader.read(4096, (pieces, count, total) -> {
                for (int i = 0; i < count; i++) {
                    text.append(new String(pieces[i].toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1));
                }
                return true;
            });
        } while (taken > 0);
        return text.toString();
    }

    /// A padding header says more when its sub-buffer was closed to look into it.
    private String withoutHeaders(String text) {
        int length = geometry.headerLength();
        return length == 0 ? text : text.replaceAll("[\0-@]\0{" + (length - 1) + "}", "|");
    }

    @Test
    void whatWasNotReadIsReadInOrder() throws IOException {
        make(new Geometry(64, 4, 0), false);
        write("first ");
        write("second ");
        buffer.flush();
        write("third ");
        assertThat(read(9)).isEqualTo("first sec");
        DeadFolder.Content content = recovered(false);
        assertThat(content.text()).isEqualTo("ond third ");
        assertThat(content.found().subBuffers()).isEqualTo(2);
        assertThat(content.found().records()).isEqualTo(-1);
        assertThat(content.found().isIncomplete()).isFalse();
        content = recovered(true);
        assertThat(content.text()).isEqualTo("first second third ");
        assertThat(content.found().records()).isEqualTo(3);
    }

    @Test
    void historyBeforeAResetIsNotRead() throws IOException {
        make(new Geometry(64, 4, 0), true);
        write("old");
        buffer.reset();
        write("new");
        assertThat(recovered(true).text()).isEqualTo("new");
    }

    /// A closer that died before it had counted what it closed: its sub-buffer is still there, or others have gone on
    /// around it. What is read and what was overwritten is all that was accepted.
    @ParameterizedTest
    @CsvSource({
        "0,false", "1,false", "2,false", "3,false", "4,false", "5,false", "10,false", "20,false",
        "0,true", "1,true", "2,true", "3,true", "4,true", "5,true", "10,true", "20,true"
    })
    void whatADeadCloserHasNotCountedIsOverwrittenAllTheSame(int later, boolean counted) throws IOException {
        make(new Geometry(8, 4, 0), true);
        write("record-0");
        write("abc");
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        dead.swap(word, dead.closed(word));
        if (counted) {
            buffer.ring.count(BufferHeader.CLOSED_BYTES_OFFSET, 3);
            InFlightTable.setClosingRelease(entry, word | InFlightTable.COUNTED);
        }
        long accepted = 11;
        for (int i = 0; i < later; i++) {
            accepted += Math.max(0, write("record-" + i % 10));
        }
        DeadFolder.Content content = recovered(false);
        long overwritten = content.found().stats().orElseThrow().overwritten();
        assertThat(content.text().length() + overwritten)
                .as("%s, overwritten %d", content.text(), overwritten)
                .isEqualTo(accepted);
    }

    @Test
    void anOverwrittenBufferHoldsTheLastSubBuffers() throws IOException {
        make(new Geometry(8, 4, 0), true);
        for (int i = 0; i < 10; i++) {
            write("record-" + i);
        }
        DeadFolder.Content content = recovered(false);
        assertThat(content.text()).isEqualTo("record-6record-7record-8record-9");
        assertThat(content.found().stats().orElseThrow().overwritten()).isEqualTo(48);
        assertThat(content.found().records()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theRecordOfADeadWriterIsLeftOutUnlessItIsWhole(int step) throws IOException {
        make(new Geometry(64, 4, 0), false);
        write("before ");
        switch (step) {
            case 0 -> dead.dieBeforeReserving(5);
            case 1 -> dead.dieBeforeBooking(5);
            case 2 -> dead.reserveAndDie(5);
            case 3 -> dead.dieBeforeClearing(5);
            default -> write("taken");
        }
        write("after");
        DeadFolder.Content content = recovered(false);
        assertThat(content.text())
                .isEqualTo(step < 3 ? "before after" : step == 3 ? "before \0\0\0\0\0after" : "before takenafter");
        boolean unfinished = step == 1 || step == 2;
        assertThat(content.found().unfinished())
                .isEqualTo(new RecoveredBuffer.LeftOut(unfinished ? 1 : 0, unfinished ? 5 : 0));
        assertThat(content.found().records()).isEqualTo(step < 3 ? 2 : 3);
        assertThat(content.found().isIncomplete()).isFalse();
        assertThat(content.text()).isEqualTo(ownerReads());
    }

    /// The sum fits both; the owner would give up the whole sub-buffer. Only what is in doubt is left out.
    @Test
    void whatCouldBeEitherOfTwoIsLeftOutAndCounted() throws IOException {
        make(new Geometry(64, 4, 0), false);
        dead.dieBeforeReserving(5);
        write("taken");
        dead.dieBeforeBooking(5);
        write("after");
        DeadFolder.Content content = recovered(false);
        assertThat(content.text()).isEqualTo("after");
        assertThat(content.found().doubtful()).isEqualTo(new RecoveredBuffer.LeftOut(2, 10));
        assertThat(content.found().isIncomplete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 1", "3, 2", "3, 3", "3, 4", "64, 0", "64, 1", "64, 2", "64, 3", "64, 4"})
    void whatADeadCloserHasNotSaidIsRead(int length, int steps) throws IOException {
        for (boolean refused : List.of(false, true)) {
            make(new Geometry(64, 4, 0), false);
            write("x".repeat(length));
            long word = buffer.ring.reserve();
            long entry = dead.announceClose();
            if (steps > 0) {
                dead.swap(word, dead.closed(word));
            }
            if (steps > 1) {
                dead.book(entry);
            }
            if (steps > 2) {
                InFlightTable.setClosingRelease(entry, word | InFlightTable.COUNTED);
            }
            if (steps > 3) {
                dead.buffer.delivery.say(geometry.lap(word), 0, length);
            }
            if (!refused) {
                write("next");
            }
            DeadFolder.Content content = recovered(false);
            assertThat(content.text()).isEqualTo("x".repeat(length) + (refused ? "" : "next"));
            assertThat(content.found().damage()).isEmpty();
            assertThat(ownerReads()).isEqualTo(content.text());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void thePaddingHeaderIsThereEvenIfNobodyHasStoredIt(int steps) throws IOException {
        make(new Geometry(64, 4, 8), false);
        write("abc");
        buffer.flush();
        long word = buffer.ring.reserve();
        long opened = geometry.startOf(geometry.position(word) + 1) | geometry.liveBit();
        memory.data().memory().asSlice(128, 64).fill((byte) 'o');
        long entry = dead.announce(opened, 18 | Extent.FROM_START, word, word, opened + 18);
        dead.swap(word, opened + 18);
        if (steps > 0) {
            dead.book(entry);
        }
        if (steps > 1) {
            dead.buffer.delivery.close(word, true, entry);
        }
        write("def");
        String zeros = "\0".repeat(7);
        DeadFolder.Content content = recovered(false);
        // It had opened the third with ten bytes of its own.
        assertThat(content.text())
                .isEqualTo((char) (64 - 11) + zeros + "abc" + (char) (64 - 8) + zeros + "\0" + zeros + "def");
        assertThat(content.found().unfinished().bytes()).isEqualTo(10);
    }

    @Test
    void aRecordThatIsGivenBackIsNotThere() throws IOException {
        make(new Geometry(64, 4, 0), false);
        RingReservation aborted = new RingReservation();
        RingReservation hole = new RingReservation();
        buffer.reserve(hole, 4);
        write("kept");
        buffer.reserve(aborted, 5);
        aborted.abort();
        hole.abort();
        DeadFolder.Content content = recovered(false);
        assertThat(content.text()).isEqualTo("kept");
        assertThat(content.found().holes()).isEqualTo(new RecoveredBuffer.LeftOut(1, 4));
    }

    @ParameterizedTest
    @CsvSource({"false, 0, 4", "true, 0, 4", "false, 8, 4", "true, 8, 4", "false, 4, 4", "true, 0, 2", "false, 0, 1"})
    void whateverHappensItIsWhatTheOwnerWouldHaveRead(boolean mode, int header, int count) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int doubtful = 0;
        for (int round = 0; round < ROUNDS / 7; round++) {
            make(new Geometry(64, count, header), mode);
            List<String> done = new ArrayList<>();
            for (int i = random.nextInt(1, 25); i > 0; i--) {
                done.add(step(random, (char) ('a' + round % 26)));
            }
            String what = "seed " + SEED + ", round " + round + ", " + done;
            DeadFolder.Content content = recovered(false);
            assertThat(content.found().damage()).as(what).isEmpty();
            InFlightScan scan = InFlightScan.of(buffer.ring, process -> false);
            if (!Verdict.of(buffer.ring, scan).isKnown()) {
                // The owner gives up whole sub-buffers then.
                doubtful++;
            } else {
                assertThat(withoutHeaders(content.text())).as(what).isEqualTo(withoutHeaders(ownerReads()));
            }
        }
        assertThat(doubtful).as("in doubt").isLessThan(ROUNDS / 14);
    }

    /// One thing that a living or a dead process does.
    private String step(SplittableRandom random, char letter) {
        int length = random.nextInt(1, 30);
        int kind = random.nextInt(24);
        boolean open = geometry.isOpen(buffer.ring.reserve());
        long offset = geometry.offset(buffer.ring.reserve());
        boolean fits = open && offset > 0 && offset + length <= 64;
        switch (kind) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> write(String.valueOf(letter).repeat(length));
            case 9, 10 -> buffer.flush();
            case 11 -> read(random.nextInt(1, 100));
            case 12 -> reserve(length, false);
            case 13 -> reserve(length, true);
            case 14 -> dead.reserveAndDie(length);
            case 15 -> die(fits, () -> dead.dieBeforeReserving(length));
            case 16 -> die(fits, () -> dead.dieBeforeBooking(length));
            case 17 -> die(fits, () -> dead.dieBeforeClearing(length));
            case 18, 19, 20 -> die(open, () -> close(random.nextInt(5)));
            case 21 -> die(open && offset == 64, dead::announceClose);
            case 22 -> buffer.subBuffersConsumed(1);
            default -> buffer.ring.count(BufferHeader.FULL_OFFSET, 1);
        }
        return kind + ":" + length;
    }

    private static void die(boolean possible, Runnable way) {
        if (possible) {
            way.run();
        }
    }

    private void reserve(int length, boolean abort) {
        RingReservation reservation = new RingReservation();
        if (buffer.reserve(reservation, length) > 0 && abort) {
            write("z");
            reservation.abort();
        }
    }

    private void close(int steps) {
        long word = buffer.ring.reserve();
        long entry = dead.announceClose();
        if (steps > 0) {
            dead.swap(word, dead.closed(word));
        }
        if (steps > 1) {
            dead.book(entry);
        }
        if (steps > 2) {
            buffer.ring.count(BufferHeader.CLOSED_BYTES_OFFSET, geometry.offset(word));
            InFlightTable.setClosingRelease(entry, word | InFlightTable.COUNTED);
        }
        if (steps > 3) {
            dead.buffer.delivery.say(geometry.lap(word), geometry.index(word), geometry.offset(word));
        }
    }
}
