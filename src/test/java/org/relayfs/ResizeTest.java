package org.relayfs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.buffer.WriteResult;
import org.relayfs.reader.ChannelObserver;
import org.relayfs.reader.ReaderState;
import org.relayfs.ring.RingBuffer;

/// A living channel gets another geometry: what was written stays, in order, and nothing is refused.
class ResizeTest {
    private static final ChannelConfig GLOBAL = ChannelConfig.of(64, 4).withGlobal(true);

    private Relay relay;

    @BeforeEach
    void open() throws IOException {
        relay = Relay.create(1 << 20);
    }

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void unreadRecordsAreReadFirstAndThenThoseBehindTheResize() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        ChannelBuffer before = channel.buffers().getFirst();
        write(channel, "one ", "two ");
        channel.resize(4096, 2);
        write(channel, "three ");
        ChannelBuffer after = channel.buffers().getFirst();
        assertThat(after.data().byteSize()).isEqualTo(8192);
        assertThat(channel.config().subBufferSize()).isEqualTo(4096);
        assertThat(channel.config().subBufferCount()).isEqualTo(2);
        assertThat(read(after, 5)).isEqualTo("one t");
        assertThat(read(before, 5)).as("through the buffer of before").isEqualTo("wo ");
        assertThat(read(before, 9)).isEqualTo("three ");
        assertThat(after.hasData()).isFalse();
    }

    @Test
    void aFullBufferHasRoomAgainAndLosesNothing() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        byte[] record = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
        int accepted = 0;
        while (channel.write(record) == record.length) {
            accepted++;
        }
        assertThat(accepted).isEqualTo(8);
        channel.resize(64, 8);
        assertThat(channel.write(record)).isEqualTo(record.length);
        assertThat(read(channel.buffers().getFirst(), 1000)).hasSize(8 * 32);
        assertThat(read(channel.buffers().getFirst(), 1000)).hasSize(32);
        assertThat(channel.stats().getFirst().full()).isEqualTo(1);
        assertThat(channel.dropped()).isEqualTo(1);
    }

    @Test
    void countersAndSizeGoOnWhenTheOldBuffersAreGone() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        write(channel, "12345", "678");
        channel.flush();
        channel.write(new byte[100]);
        for (int i = 1; i <= 5; i++) {
            channel.resize(64 + i, 4);
            write(channel, "9");
        }
        assertThat(channel.buffers().getFirst().fileSize()).isEqualTo(12);
        BufferStats unread = channel.stats().getFirst();
        assertThat(read(channel.buffers().getFirst(), 8)).isEqualTo("12345678");
        for (int i = 1; i <= 5; i++) {
            assertThat(read(channel.buffers().getFirst(), 8)).isEqualTo("9");
        }
        BufferStats read = channel.stats().getFirst();
        for (BufferStats stats : List.of(unread, read)) {
            assertThat(stats.records()).isEqualTo(7);
            assertThat(stats.bytesWritten()).isEqualTo(13);
            assertThat(stats.big()).isEqualTo(1);
            assertThat(stats.lostBytes()).isEqualTo(100);
        }
        assertThat(read.bytesRead()).isEqualTo(13);
        assertThat(channel.dropped()).isEqualTo(1);
        assertThat(channel.buffers().getFirst().fileSize()).isEqualTo(12);
    }

    @Test
    void memoryCountsUntilItWasReadAndFilesGoWithIt() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        long before = relay.reservedBytes();
        write(channel, "x");
        channel.resize(128, 4);
        assertThat(relay.reservedBytes()).isGreaterThan(before + before / 2).isEqualTo(channel.reservedBytes());
        assertThat(names(channel.folder())).containsExactly("1", "cpu0", "meta", "settings");
        assertThat(read(channel.buffers().getFirst(), 10)).isEqualTo("x");
        assertThat(read(channel.buffers().getFirst(), 10)).isEmpty();
        assertThat(relay.reservedBytes()).isEqualTo(channel.reservedBytes()).isEqualTo(2 * before - 4096);
        assertThat(names(channel.folder())).containsExactly("1", "meta", "settings");
        write(channel, "y");
        channel.resize(64, 4);
        assertThat(read(channel.buffers().getFirst(), 10)).isEqualTo("y");
        assertThat(read(channel.buffers().getFirst(), 10)).isEmpty();
        assertThat(relay.reservedBytes()).isEqualTo(channel.reservedBytes()).isEqualTo(2 * before - 4096);
        assertThat(names(channel.folder())).containsExactly("2", "meta", "settings");
        channel.close();
        assertThat(relay.reservedBytes()).isZero();
        assertThat(channel.folder()).doesNotExist();
    }

    @Test
    void aChannelThatIsClosedGivesTheMemoryOfAllGenerationsBackAndStaysReadable() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        write(channel, "one ");
        channel.resize(128, 4);
        write(channel, "two ");
        channel.resize(256, 4);
        write(channel, "three");
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.close();
        assertThat(relay.reservedBytes()).isZero();
        assertThat(channel.folder()).doesNotExist();
        assertThat(buffer.isFinalized()).isTrue();
        assertThat(buffer.write(MemorySegment.ofArray(new byte[1]), 0, 1)).isEqualTo(WriteResult.CLOSED);
        assertThat(read(buffer, 10) + read(buffer, 10) + read(buffer, 10)).isEqualTo("one two three");
        assertThat(relay.reservedBytes()).isZero();
        assertThatThrownBy(() -> channel.resize(64, 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void resizesWithoutAReaderAreRefusedAfterTheEighth() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        for (int i = 1; i <= 8; i++) {
            write(channel, "record " + i + " ");
            channel.resize(64 + i, 4);
        }
        long reserved = relay.reservedBytes();
        assertThatThrownBy(() -> channel.resize(100, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("limit=8");
        assertThat(relay.reservedBytes()).isEqualTo(reserved);
        assertThat(read(channel.buffers().getFirst(), 9)).isEqualTo("record 1 ");
        assertThat(read(channel.buffers().getFirst(), 9)).isEqualTo("record 2 ");
        channel.resize(100, 4);
        channel.reset();
        assertThat(channel.buffers().getFirst().hasData()).isFalse();
        assertThat(channel.stats().getFirst().records()).isZero();
        assertThat(relay.reservedBytes()).isEqualTo(channel.reservedBytes()).isLessThan(reserved / 4);
    }

    @Test
    void emptyGenerationsDoNotCount() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        for (int i = 1; i <= 20; i++) {
            channel.resize(64 + i, 4);
        }
        assertThat(names(channel.folder())).containsExactly("20", "meta", "settings");
    }

    @Test
    void aResizeThatCannotBeDoneChangesNothing() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        write(channel, "x");
        long reserved = relay.reservedBytes();
        assertThatThrownBy(() -> channel.resize(1 << 20, 4)).isInstanceOf(QuotaException.class);
        assertThatThrownBy(() -> channel.resize(0, 4)).isInstanceOf(IllegalArgumentException.class);
        channel.resize(64, 4);
        assertThat(relay.reservedBytes()).isEqualTo(reserved);
        assertThat(names(channel.folder())).containsExactly("cpu0", "meta", "settings");
        write(channel, "y");
        assertThat(read(channel.buffers().getFirst(), 9)).isEqualTo("xy");
    }

    @Test
    void aReservationIsCommittedWhereItWasMadeAndWhatFollowsWaitsForIt() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        write(channel, "one ");
        Reservation reservation = channel.newReservation();
        channel.reserve(reservation, 4);
        channel.resize(128, 4);
        write(channel, "three");
        ChannelBuffer buffer = channel.buffers().getFirst();
        assertThat(read(buffer, 99)).as("not delivered before it is complete").isEmpty();
        assertThat(buffer.hasData()).isFalse();
        reservation.putBytes(0, "two ".getBytes(US_ASCII), 0, 4);
        reservation.commit();
        assertThat(read(buffer, 99)).isEqualTo("one two ");
        assertThat(read(buffer, 99)).isEqualTo("three");
        assertThat(relay.reservedBytes()).isEqualTo(channel.reservedBytes());
    }

    @Test
    void reservationsInTheOldBufferTakeNoEntryOfTheNewOne() throws IOException {
        RelayChannel channel = relay.open("a", ChannelConfig.of(4096, 4).withGlobal(true));
        ChannelBuffer before = channel.buffers().getFirst();
        List<Reservation> open = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            open.add(channel.newReservation());
            assertThat(channel.reserve(open.get(i), 1)).isEqualTo(1);
        }
        channel.resize(8192, 4);
        Reservation late = channel.newReservation();
        assertThat(before.reserve(late, 3)).as("through the buffer of before").isEqualTo(3);
        late.commit();
        open.forEach(Reservation::commit);
        assertThat(read(before, 99)).hasSize(64);
        assertThat(read(before, 99)).hasSize(3);
        assertThat(channel.dropped()).isZero();
    }

    @Test
    void overwrittenBuffersKeepWhatWasReadableThen() throws IOException {
        RelayChannel channel =
                relay.open("a", ChannelConfig.of(4, 2).withGlobal(true).withMode(ChannelMode.OVERWRITE));
        write(channel, "old ", "two ", "thr ");
        channel.resize(8, 2);
        write(channel, "four five");
        write(channel, "four", "five");
        ChannelBuffer buffer = channel.buffers().getFirst();
        assertThat(read(buffer, 99)).isEqualTo("two thr ");
        assertThat(read(buffer, 99)).isEqualTo("fourfive");
        assertThat(channel.stats().getFirst().overwritten()).isEqualTo(4);
    }

    @Test
    void anObserverComesToTheEndAndAnotherOneSeesTheRest() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        write(channel, "one");
        try (ChannelObserver before = ChannelObserver.open(channel.folder(), ChannelObserver.Start.OLDEST)) {
            channel.resize(128, 4);
            write(channel, "two");
            try (ChannelObserver after = ChannelObserver.open(channel.folder(), ChannelObserver.Start.OLDEST)) {
                assertThat(before.state()).isEqualTo(ReaderState.OPEN);
                assertThat(observed(before)).isEqualTo("one");
                assertThat(before.state()).isEqualTo(ReaderState.CLOSED);
                assertThat(observed(after)).isEqualTo("two");
                assertThat(after.state()).isEqualTo(ReaderState.OPEN);
            }
        }
    }

    private static String observed(ChannelObserver observer) {
        byte[] bytes = new byte[100];
        int length = observer.buffers().getFirst().read(MemorySegment.ofArray(bytes), 0, bytes.length);
        return new String(bytes, 0, length, US_ASCII);
    }

    @Test
    void aDisabledChannelStaysSo() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        channel.setEnabled(false);
        channel.resize(128, 4);
        assertThat(channel.write(new byte[1])).isEqualTo(WriteResult.DISABLED);
        channel.setEnabled(true);
        assertThat(channel.write(new byte[1])).isEqualTo(1);
    }

    @Test
    void unnamedChannelsCanBeResizedToo() throws IOException {
        RelayChannel channel = relay.openUnnamed(GLOBAL);
        write(channel, "one ");
        channel.resize(128, 4);
        channel.publish("later");
        write(channel, "two");
        assertThat(read(channel.buffers().getFirst(), 99)).isEqualTo("one ");
        assertThat(read(channel.buffers().getFirst(), 99)).isEqualTo("two");
    }

    @Test
    void aClientSeesTheNewBuffersCreatedAndStartedAndThenTheOldFilesRemoved() throws IOException {
        List<String> calls = new ArrayList<>();
        AtomicInteger number = new AtomicInteger();
        ChannelCallbacks client = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                calls.add("start " + (start.previousSubBuffer() == null ? "first" : "next"));
                return true;
            }

            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                calls.add("create " + name);
                return "file" + number.getAndIncrement();
            }

            @Override
            public void onRemoveBufferFile(String name, ChannelBuffer buffer) {
                calls.add("remove " + name);
            }
        };
        RelayChannel channel = relay.open("a", GLOBAL.withCallbacks(client));
        write(channel, "one ");
        calls.clear();
        channel.resize(128, 4);
        assertThat(calls).containsExactly("start first", "create cpu0", "remove file0");
        assertThat(channel.fileName(channel.buffers().getFirst())).isEqualTo("file1");
        write(channel, "two");
        ChannelBuffer buffer = channel.buffers().getFirst();
        assertThat(read(buffer, 99) + read(buffer, 99)).isEqualTo("one two");
    }

    @Test
    void whoWaitsIsWokenByWhatIsWrittenBehindTheResize() throws IOException {
        RelayChannel channel = relay.open("a", GLOBAL);
        RingBuffer before = channel.rings().getFirst();
        AtomicInteger woken = new AtomicInteger();
        before.setDeliveryListener(buffer -> woken.incrementAndGet());
        before.armWakeup();
        channel.resize(128, 4);
        assertThat(woken).as("by the resize").hasValue(1);
        before.armWakeup();
        write(channel, "x");
        channel.flush();
        assertThat(woken).as("by the flush").hasValue(2);
        assertThat(before.isReadable()).isTrue();
        assertThat(read(before, 9)).isEqualTo("x");
    }

    private static void write(RelayChannel channel, String... records) {
        for (String record : records) {
            channel.write(record.getBytes(US_ASCII));
        }
    }

    private static String read(ChannelBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        return new String(bytes, 0, buffer.read(MemorySegment.ofArray(bytes), 0, length), US_ASCII);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
