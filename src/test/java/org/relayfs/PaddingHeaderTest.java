package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;

/// `header=padding`, as a program sees it that maps the data file and knows produced and consumed only.
class PaddingHeaderTest {
    private static final int SIZE = 64;
    private static final int COUNT = 4;
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(SIZE, COUNT).withGlobal(true).withPaddingHeader(true);

    private static long header(MemorySegment data, long slot) {
        return data.get(ValueLayout.JAVA_LONG_UNALIGNED, slot * SIZE);
    }

    @Test
    void holdsThePaddingOfWhatIsDeliveredAndZeroWhileItIsOpen() throws Exception {
        for (ChannelMode mode : ChannelMode.values()) {
            try (Relay relay = Relay.create();
                    RelayChannel channel = relay.open("app", CONFIG.withMode(mode));
                    Arena arena = Arena.ofShared();
                    FileChannel file =
                            FileChannel.open(channel.buffers().getFirst().dataPath(), StandardOpenOption.READ)) {
                ChannelBuffer buffer = channel.buffers().getFirst();
                MemorySegment data = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
                for (int lap = 0; lap < 3 * COUNT; lap++) {
                    int slot = lap % COUNT;
                    assertThat(header(data, slot)).isZero();
                    int length = 1 + lap * 5 % 56;
                    assertThat(channel.write(new byte[length])).isEqualTo(length);
                    assertThat(header(data, slot)).isZero();
                    channel.flush();
                    assertThat(header(data, slot)).isEqualTo(SIZE - 8 - length).isEqualTo(buffer.paddingBytes(slot));
                    channel.subBuffersConsumed(0, 1);
                }
            }
        }
    }

    @Test
    void isZeroWhenNothingIsLeftOverAndLargestWhenNothingWasWritten() throws Exception {
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("app", CONFIG)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            channel.write(new byte[SIZE - 8]);
            channel.flush();
            channel.flush();
            assertThat(header(buffer.data(), 0)).isZero();
            assertThat(header(buffer.data(), 1)).isEqualTo(SIZE - 8);
            assertThat(channel.write(new byte[SIZE - 7])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(buffer.produced()).isEqualTo(3);
            assertThat(channel.write(new byte[SIZE + 1])).isEqualTo(WriteResult.TOO_BIG);
            assertThat(buffer.produced()).isEqualTo(3);
            assertThat(buffer.stats().big()).isEqualTo(2);
        }
    }

    @Test
    void needsRoomAndNoClient() throws Exception {
        try (Relay relay = Relay.create()) {
            for (int size = 1; size < 10; size++) {
                int tooSmall = size;
                assertThatThrownBy(() -> ChannelConfig.of(tooSmall, 2).withPaddingHeader(true))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            RelayChannel channel =
                    relay.open("app", ChannelConfig.of(10, 2).withGlobal(true).withPaddingHeader(true));
            assertThat(channel.write(new byte[2])).isEqualTo(2);
            assertThatThrownBy(() -> CONFIG.withCallbacks(new ChannelCallbacks() {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isRightForEverySubBufferThatWritersOfAllKindsFillAtOnce() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open(
                        "app", ChannelConfig.of(SIZE, 64).withGlobal(true).withPaddingHeader(true))) {
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
            long end = System.nanoTime() + 1_000_000_000;
            while (System.nanoTime() < end) {
                long produced = buffer.produced();
                for (; consumed < produced; consumed++) {
                    check(buffer.data(), consumed % 64);
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

    // The payload is whole records, the padding is not looked at.
    private static void check(MemorySegment data, long slot) {
        long end = SIZE - header(data, slot);
        for (long offset = 8; offset < end; ) {
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
