package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.reader.ChannelConsumer;
import org.relayfs.testing.Client;
import org.relayfs.testing.Programs;
import org.relayfs.testing.Waiting;

/// Writes that wait for room, by all who can write.
@Timeout(60)
class TimedWriteTest {
    private static final int SIZE = 8;
    private static final long PATIENCE_MS = 20_000;

    private Relay relay;
    private RelayChannel channel;
    private ChannelBuffer buffer;
    private AttachedChannel attached;
    private Client c;

    /// Who waits.
    enum Kind {
        OWNER,
        OWNER_VIRTUAL,
        ATTACHED,
        ATTACHED_VIRTUAL,
        C
    }

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(SIZE, 2).withGlobal(true));
        buffer = channel.buffers().getFirst();
        attached = AttachedChannel.attach(channel.folder());
        fill();
    }

    @AfterEach
    void close() throws Exception {
        if (c != null) {
            c.close();
        }
        attached.close();
        relay.close();
    }

    private void fill() {
        while (channel.write(bytes("........")) == SIZE) {
            // More.
        }
        assertThat(channel.dropped()).isEqualTo(1);
    }

    private void tell(String command) throws IOException {
        c.input().write(bytes(command + "\n"));
        c.input().flush();
    }

    private void attachInC() throws Exception {
        if (c == null) {
            c = Client.start(Programs.c("attached"));
            tell("attach " + channel.folder());
            assertThat(c.takeLine(PATIENCE_MS)).isEqualTo("0");
        }
    }

    private FutureTask<Integer> write(Kind kind, String record, long timeoutMs) throws Exception {
        return write(kind, record, timeoutMs, new Thread[1]);
    }

    private FutureTask<Integer> write(Kind kind, String record, long timeoutMs, Thread[] thread) throws Exception {
        FutureTask<Integer> result = new FutureTask<>(() -> switch (kind) {
            case OWNER, OWNER_VIRTUAL -> channel.write(bytes(record), timeoutMs, TimeUnit.MILLISECONDS);
            case ATTACHED, ATTACHED_VIRTUAL -> attached.write(bytes(record), timeoutMs, TimeUnit.MILLISECONDS);
            case C -> Integer.parseInt(c.takeLine(PATIENCE_MS + timeoutMs));
        });
        if (kind == Kind.C) {
            attachInC();
            tell("write-timeout " + timeoutMs + " " + record);
        }
        boolean virtual = kind == Kind.OWNER_VIRTUAL || kind == Kind.ATTACHED_VIRTUAL;
        thread[0] = virtual
                ? Thread.ofVirtual().start(result)
                : Thread.ofPlatform().daemon().start(result);
        return result;
    }

    private static Integer get(FutureTask<Integer> result) throws Exception {
        return result.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    /// {@return a write that waits}
    private FutureTask<Integer> waiting(Kind kind, String record) throws Exception {
        Thread[] thread = {null};
        FutureTask<Integer> result = write(kind, record, PATIENCE_MS, thread);
        if (kind == Kind.OWNER || kind == Kind.OWNER_VIRTUAL || kind == Kind.ATTACHED_VIRTUAL) {
            Waiting.assertWaits(thread[0]);
        } else {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> (roomWaiting() & 1) != 0);
        }
        return result;
    }

    private long roomWaiting() throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel meta = FileChannel.open(channel.folder().resolve("meta"))) {
            meta.read(word, ChannelHeader.SIZE + BufferHeader.ROOM_WAITING_OFFSET);
        }
        return word.getLong(0);
    }

    private void assertNothingLostSince() {
        BufferStats stats = buffer.stats();
        assertThat(stats.full())
                .as("attempts, the first of which was not one of ours")
                .isEqualTo(1);
        assertThat(channel.dropped()).isEqualTo(1);
        assertThat(stats.lostBytes()).isEqualTo(SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void itGetsTheRoomThatAReaderMakes(Kind kind) throws Exception {
        FutureTask<Integer> result = waiting(kind, "patience");
        assertNothingLostSince();
        assertThat(read(buffer, SIZE)).isEqualTo("........");
        assertThat(get(result)).isEqualTo(SIZE);
        assertThat(read(buffer)).isEqualTo("........patience");
        assertNothingLostSince();
    }

    @ParameterizedTest
    @EnumSource
    void itGetsTheRoomThatAConsumerMakes(Kind kind) throws Exception {
        FutureTask<Integer> result = waiting(kind, "patience");
        try (ChannelConsumer consumer = ChannelConsumer.of(channel.folder(), channel::buffers)) {
            consumer.buffers().getFirst().take((pieces, count, total) -> true);
            assertThat(get(result)).isEqualTo(SIZE);
        }
        FutureTask<Integer> released = waiting(kind, "released");
        channel.subBuffersConsumed(0, 1);
        assertThat(get(released)).isEqualTo(SIZE);
        assertThat(read(buffer)).isEqualTo("patiencereleased");
    }

    @ParameterizedTest
    @EnumSource
    void itGivesUpWhenTheTimeIsOverAndThatIsCountedOnce(Kind kind) throws Exception {
        long before = System.nanoTime();
        assertThat(get(write(kind, "too late", 130))).isEqualTo(WriteResult.FULL);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(130_000_000);
        assertThat(buffer.stats().full()).isEqualTo(2);
        assertThat(channel.dropped()).isEqualTo(2);
        assertThat(buffer.stats().lostBytes()).isEqualTo(2 * SIZE);
        assertThat(get(write(kind, "too late", 0))).isEqualTo(WriteResult.FULL);
        assertThat(channel.dropped()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void disablingClosingAndResettingEndIt(Kind kind) throws Exception {
        FutureTask<Integer> result = waiting(kind, "disabled");
        channel.setEnabled(false);
        assertThat(get(result)).isEqualTo(WriteResult.DISABLED);
        channel.setEnabled(true);
        result = waiting(kind, "reset it");
        channel.reset();
        assertThat(get(result)).isEqualTo(SIZE);
        while (channel.write(bytes("........")) == SIZE) {
            // More.
        }
        result = waiting(kind, "too late");
        channel.close();
        assertThat(get(result)).isEqualTo(WriteResult.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void itGoesOnInTheBufferThatAResizeMakes(Kind kind) throws Exception {
        FutureTask<Integer> result = waiting(kind, "resized!");
        channel.resize(2 * SIZE, 2);
        assertThat(get(result)).isEqualTo(SIZE);
        assertThat(read(buffer) + read(buffer)).isEqualTo("................resized!");
    }

    @ParameterizedTest
    @EnumSource
    void whatCanNeverFitIsRefusedAtOnce(Kind kind) throws Exception {
        assertThat(get(write(kind, "x".repeat(SIZE + 1), PATIENCE_MS))).isEqualTo(WriteResult.TOO_BIG);
        assertThat(buffer.stats().big()).isEqualTo(1);
        assertThat(buffer.stats().full()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = "C", mode = EnumSource.Mode.EXCLUDE)
    void anInterruptEndsIt(Kind kind) throws Exception {
        Thread[] thread = {null};
        FutureTask<Integer> result = write(kind, "patience", PATIENCE_MS, thread);
        thread[0].interrupt();
        assertThatThrownBy(() -> get(result)).cause().isInstanceOf(InterruptedException.class);
        assertThat(channel.dropped()).isEqualTo(2);
        assertThat(read(buffer)).isEqualTo("................");
    }

    @Test
    void aChannelThatOverwritesNeverWaits() throws Exception {
        try (RelayChannel other =
                relay.open("other", ChannelConfig.of(SIZE, 2).withGlobal(true).withMode(ChannelMode.OVERWRITE))) {
            for (int i = 0; i < 10; i++) {
                assertThat(other.write(bytes("........"), 1, TimeUnit.HOURS)).isEqualTo(SIZE);
            }
        }
    }

    @Test
    void aTimeThatIsNegativeIsRefused() {
        MemorySegment record = MemorySegment.ofArray(new byte[SIZE]);
        assertThatThrownBy(() -> channel.write(record, 0, SIZE, -1, TimeUnit.SECONDS))
                .hasMessage("wait: timeout=-1, limit=0 or more; 0 tries once");
        assertThatThrownBy(() -> attached.write(record, 0, SIZE, -1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.write(record, 1, SIZE, 1, TimeUnit.SECONDS))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
