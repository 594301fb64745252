package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;

/// `header=padding` and `header=padding4`, as a program sees them that maps the data file and knows produced and
/// consumed
/// only.
class PaddingHeaderTest {
    private static final int SIZE = 64;
    private static final int COUNT = 4;
    private static final ChannelConfig CONFIG = ChannelConfig.of(SIZE, COUNT).withGlobal(true);

    private static long header(int bytes, MemorySegment data, long slot) {
        return bytes == 4
                ? data.get(ValueLayout.JAVA_INT_UNALIGNED, slot * SIZE)
                : data.get(ValueLayout.JAVA_LONG_UNALIGNED, slot * SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void holdsThePaddingOfWhatIsDeliveredAndZeroWhileItIsOpen(int header) throws Exception {
        for (ChannelMode mode : ChannelMode.values()) {
            try (Relay relay = Relay.create();
                    RelayChannel channel =
                            relay.open("app", CONFIG.withMode(mode).withPaddingHeader(header));
                    Arena arena = Arena.ofShared();
                    FileChannel file =
                            FileChannel.open(channel.buffers().getFirst().dataPath(), StandardOpenOption.READ)) {
                ChannelBuffer buffer = channel.buffers().getFirst();
                MemorySegment data = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
                for (int lap = 0; lap < 3 * COUNT; lap++) {
                    int slot = lap % COUNT;
                    assertThat(header(header, data, slot)).isZero();
                    int length = 1 + lap * 5 % (SIZE - header);
                    assertThat(channel.write(new byte[length])).isEqualTo(length);
                    assertThat(header(header, data, slot)).isZero();
                    channel.flush();
                    assertThat(header(header, data, slot))
                            .isEqualTo(SIZE - header - length)
                            .isEqualTo(buffer.paddingBytes(slot));
                    channel.subBuffersConsumed(0, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void isZeroWhenNothingIsLeftOverAndLargestWhenNothingWasWritten(int header) throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG.withPaddingHeader(header))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            channel.write(new byte[SIZE - header]);
            channel.flush();
            channel.flush();
            assertThat(header(header, buffer.data(), 0)).isZero();
            assertThat(header(header, buffer.data(), 1)).isEqualTo(SIZE - header);
            assertThat(channel.write(new byte[SIZE - header + 1])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(buffer.produced()).isEqualTo(3);
            assertThat(channel.write(new byte[SIZE + 1])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(buffer.produced()).isEqualTo(3);
            assertThat(buffer.stats().big()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void needsRoomAndNoClient(int header) throws Exception {
        try (Relay relay = Relay.create()) {
            for (int size = 1; size < header + 2; size++) {
                int tooSmall = size;
                assertThatThrownBy(() -> ChannelConfig.of(tooSmall, 2).withPaddingHeader(header))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            RelayChannel channel = relay.open(
                    "app", ChannelConfig.of(header + 2, 2).withGlobal(true).withPaddingHeader(header));
            assertThat(channel.write(new byte[2])).isEqualTo(2);
            assertThatThrownBy(() -> CONFIG.withPaddingHeader(header).withCallbacks(new ChannelCallbacks() {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void isRightForEverySubBufferThatWritersOfAllKindsFillAtOnce(int header) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(SIZE, 64).withGlobal(true).withPaddingHeader(header))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            Thread[] writers = new Thread[4];
            for (int i = 0; i < writers.length; i++) {
                byte[] record = new byte[i * 3 + 2];
                java.util.Arrays.fill(record, (byte) (i + 1));
                writers[i] = Thread.ofPlatform().start(() -> {
                    while (!ended.get()) {
                        if (channel.write(record) < 0) {
                            Thread.yield();
                        }
                    }
                });
            }
            long consumed = 0;
            long end = System.nanoTime() + 700_000_000;
            while (System.nanoTime() < end) {
                long produced = buffer.produced();
                for (; consumed < produced; consumed++) {
                    check(header, buffer.data(), consumed % 64);
                    channel.subBuffersConsumed(0, 1);
                }
            }
            ended.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(consumed).isGreaterThan(100);
        }
    }

    @Test
    void otherLengthsAreRefused() {
        for (int bytes : new int[] {-8, -4, 1, 2, 5, 16, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> CONFIG.withPaddingHeader(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("header: a padding header of " + bytes + " bytes, limit=0, 4 or 8");
        }
        assertThat(CONFIG.withPaddingHeader(4).withPaddingHeader(0).paddingHeader())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void attachedWritersKeepItToo(int header) throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG.withPaddingHeader(header));
                AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
            MemorySegment data = channel.buffers().getFirst().data();
            for (int i = 0; i < 3; i++) {
                assertThat(attached.write(new byte[SIZE - header - i])).isEqualTo(SIZE - header - i);
            }
            channel.flush();
            for (int i = 0; i < 3; i++) {
                assertThat(header(header, data, i)).isEqualTo(i);
            }
            channel.subBuffersConsumed(0, 3);
            assertThat(attached.write(new byte[SIZE - header + 1])).isEqualTo(WriteResult.TOO_BIG);
        }
    }

    @Test
    void aChannelThatClaimsToHaveBothIsNotAttachedTo() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG.withPaddingHeader(4));
                FileChannel meta = FileChannel.open(channel.folder().resolve("meta"), StandardOpenOption.WRITE)) {
            meta.write(ByteBuffer.wrap(new byte[] {4 + 2 + 16}), 32);
            assertThatThrownBy(() -> AttachedChannel.attach(channel.folder()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("meta is damaged: flags: value=22");
        }
    }

    // The payload is whole records, the padding is not looked at.
    private static void check(int header, MemorySegment data, long slot) {
        long end = SIZE - header(header, data, slot);
        for (long offset = header; offset < end; ) {
            byte writer = data.get(ValueLayout.JAVA_BYTE, slot * SIZE + offset);
            assertThat(writer).isBetween((byte) 1, (byte) 4);
            int length = (writer - 1) * 3 + 2;
            assertThat(offset + length).isLessThanOrEqualTo(end);
            for (int i = 0; i < length; i++) {
                assertThat(data.get(ValueLayout.JAVA_BYTE, slot * SIZE + offset + i))
                        .isEqualTo(writer);
            }
            offset += length;
        }
    }
}
