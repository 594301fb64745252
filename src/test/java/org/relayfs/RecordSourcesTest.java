package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.buffer.ChannelBuffer;

/// Where records come from: arrays, buffers and segments of all kinds and lengths, and those that cannot be read.
class RecordSourcesTest {
    private Relay relay;
    private RelayChannel channel;
    private ChannelBuffer buffer;

    @BeforeEach
    void make() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(1 << 16, 4).withGlobal(true));
        buffer = channel.buffers().getFirst();
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private byte[] read() {
        MemorySegment target = MemorySegment.ofArray(new byte[1 << 18]);
        int read = buffer.read(target, 0, 1 << 18);
        return target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + length);
        }
        return bytes;
    }

    @Test
    void everyLengthOfEveryKindIsCopiedExactly() {
        try (Arena arena = Arena.ofConfined()) {
            for (int length = 1; length < 200; length++) {
                byte[] bytes = pattern(length);
                byte[] embedded = new byte[length + 9];
                System.arraycopy(bytes, 0, embedded, 5, length);
                MemorySegment native_ = arena.allocate(length + 9L, 1);
                MemorySegment.copy(bytes, 0, native_, ValueLayout.JAVA_BYTE, 5, length);
                ByteBuffer direct = ByteBuffer.allocateDirect(length + 9);
                direct.put(5, bytes).position(5).limit(5 + length);
                List<Runnable> ways = List.of(
                        () -> channel.write(bytes),
                        () -> channel.write(embedded, 5, bytes.length),
                        () -> channel.write(MemorySegment.ofArray(embedded), 5, bytes.length),
                        () -> channel.write(native_, 5, bytes.length),
                        () -> channel.writeTo(0, native_.asReadOnly(), 5, bytes.length),
                        () -> channel.write(ByteBuffer.wrap(embedded, 5, bytes.length)),
                        () -> channel.write(ByteBuffer.wrap(embedded, 5, bytes.length)
                                .slice()
                                .asReadOnlyBuffer()),
                        () -> channel.write(direct.duplicate()));
                for (Runnable way : ways) {
                    way.run();
                    assertThat(read()).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void aByteBufferIsConsumedWhenItsRecordWasTaken() {
        ByteBuffer record = ByteBuffer.wrap(pattern(10));
        record.position(4);
        assertThat(channel.write(record)).isEqualTo(6);
        assertThat(record.hasRemaining()).isFalse();
        channel.setEnabled(false);
        record.clear();
        assertThat(channel.write(record)).isNegative();
        assertThat(record.remaining()).isEqualTo(10);
    }

    @Test
    void aRangeOutsideItsSourceIsACallersMistake() {
        byte[] bytes = new byte[10];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        List<Runnable> wrong = List.of(
                () -> channel.write(bytes, 5, 6),
                () -> channel.write(bytes, -1, 2),
                () -> channel.write(bytes, 0, -1),
                () -> channel.write(bytes, Integer.MAX_VALUE, 2),
                () -> channel.write(segment, 5, 6),
                () -> channel.write(segment, Long.MAX_VALUE, 1),
                () -> channel.write(segment, 0, -1),
                () -> channel.writeTo(0, segment, 11, 0),
                () -> buffer.write(segment, 3, 8));
        for (Runnable write : wrong) {
            assertThatThrownBy(write::run).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> channel.write((byte[]) null)).isInstanceOf(NullPointerException.class);
        assertNothingWasLogged();
    }

    private void assertNothingWasLogged() {
        assertThat(buffer.hasData()).isFalse();
        assertThat(buffer.stats().records()).isZero();
        assertThat(buffer.stats().bytesWritten()).isZero();
        assertThat(buffer.stats().abandoned()).isZero();
        channel.write(pattern(3));
        channel.flush();
        assertThat(buffer.produced()).isEqualTo(1);
        assertThat(read()).isEqualTo(pattern(3));
    }

    @Test
    void aClosedSourceLogsNothing() {
        for (int length : new int[] {1, 7, 8, 16, 17, 500}) {
            Arena arena = Arena.ofShared();
            MemorySegment segment = arena.allocate(length);
            arena.close();
            List<Runnable> ways = List.of(
                    () -> channel.write(segment, 0, length),
                    () -> channel.writeTo(0, segment, 0, length),
                    () -> buffer.write(segment, 0, length));
            for (Runnable way : ways) {
                assertThatThrownBy(way::run).isInstanceOf(IllegalStateException.class);
            }
        }
        assertNothingWasLogged();
    }

    @Test
    void anotherThreadsSourceLogsNothing() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(64);
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    channel.write(segment, 0, 64);
                } catch (RuntimeException e) {
                    thrown.add(e);
                }
            });
            other.join();
        }
        assertThat(thrown).hasSize(1).first().isInstanceOf(WrongThreadException.class);
        assertNothingWasLogged();
    }

    @Test
    void aMappedFileThatHasBecomeShorterLogsNothing(@TempDir Path folder) throws Exception {
        try (FileChannel file = FileChannel.open(
                        folder.resolve("source"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            file.write(ByteBuffer.wrap(pattern(8192)));
            MemorySegment mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, 8192, arena);
            file.truncate(0);
            for (int length : new int[] {12, 100, 5000}) {
                assertThatThrownBy(() -> channel.write(mapped, 0, length)).isInstanceOf(InternalError.class);
            }
        }
        assertNothingWasLogged();
    }
}
