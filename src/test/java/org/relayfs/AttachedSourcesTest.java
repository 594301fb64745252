package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;

/// Where the records of attached processes come from, and texts as records by all who write.
class AttachedSourcesTest {
    private static final int SIZE = 1 << 14;
    private static final List<String> TEXTS = List.of(
            "", "plain", "äöü ß €", "𝄞 and 😀", "half \ud800", "\udc00 half", "\ud800\ud800\udc00", "\0\uffff");

    private Relay relay;
    private RelayChannel channel;
    private ChannelBuffer buffer;
    private AttachedChannel attached;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(SIZE, 4).withGlobal(true));
        buffer = channel.buffers().getFirst();
        attached = AttachedChannel.attach(channel.folder());
    }

    @AfterEach
    void close() {
        attached.close();
        relay.close();
    }

    private byte[] read() {
        MemorySegment target = MemorySegment.ofArray(new byte[4 * SIZE]);
        int read = buffer.read(target, 0, 4 * SIZE);
        return target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
    }

    private List<ToIntFunction<CharSequence>> writers() {
        return List.of(channel::write, attached::write);
    }

    @Test
    void everyKindOfSourceIsCopiedExactly() {
        byte[] bytes = "0123456789".getBytes(StandardCharsets.US_ASCII);
        byte[] middle = "234".getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(10).put(bytes).position(2).limit(5);
            List<Runnable> ways = List.of(
                    () -> attached.write(middle),
                    () -> attached.write(bytes, 2, 3),
                    () -> attached.write(segment, 2, 3),
                    () -> attached.write(ByteBuffer.wrap(bytes, 2, 3)),
                    () -> attached.write(direct),
                    () -> attached.writeTo(0, segment, 2, 3));
            for (Runnable way : ways) {
                way.run();
                assertThat(read()).isEqualTo(middle);
            }
            assertThat(direct.hasRemaining()).isFalse();
            assertThatThrownBy(() -> attached.write(segment, 8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void cpusThatCannotBeAreRefused() throws Exception {
        MemorySegment record = MemorySegment.ofArray(new byte[1]);
        assertThatThrownBy(() -> attached.writeTo(-1, record, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        // Of a global channel, all CPUs have the same.
        assertThat(attached.writeTo(5, record, 0, 1)).isEqualTo(1);
        RelayChannel each = relay.open("each", ChannelConfig.of(SIZE, 4));
        try (AttachedChannel own = AttachedChannel.attach(each.folder())) {
            int cpu = each.buffers().getLast().cpu();
            assertThat(own.writeTo(cpu, record, 0, 1)).isEqualTo(1);
            assertThat(each.buffers().getLast().hasData()).isTrue();
        }
    }

    @Test
    void textsAreWhatStringsMakeOfThem() {
        for (ToIntFunction<CharSequence> writer : writers()) {
            for (String text : TEXTS) {
                byte[] expected = text.getBytes(StandardCharsets.UTF_8);
                assertThat(writer.applyAsInt(text)).isEqualTo(expected.length);
                assertThat(read()).as(text).isEqualTo(expected);
                assertThat(writer.applyAsInt(CharBuffer.wrap("<" + text + ">", 1, 1 + text.length())))
                        .isEqualTo(expected.length);
                assertThat(read()).as(text).isEqualTo(expected);
            }
            String large = "€".repeat(SIZE / 3);
            assertThat(writer.applyAsInt(large)).isEqualTo(SIZE - 1);
            assertThat(read()).isEqualTo(large.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void textsThatAreTooBigAreRefusedAndCounted() {
        long refused = 0;
        for (ToIntFunction<CharSequence> writer : writers()) {
            assertThat(writer.applyAsInt("x".repeat(SIZE + 1))).isEqualTo(WriteResult.TOO_BIG);
            assertThat(writer.applyAsInt("€".repeat(SIZE / 2))).isEqualTo(WriteResult.TOO_BIG);
            refused += 2;
            assertThat(buffer.stats().big()).isEqualTo(refused);
            assertThat(channel.dropped()).isEqualTo(refused);
        }
        assertThat(buffer.hasData()).isFalse();
    }

    @Test
    void textsAllocateNothing() throws Exception {
        ChannelConfig config = ChannelConfig.of(SIZE, 4).withGlobal(true).withMode(ChannelMode.OVERWRITE);
        RelayChannel other = relay.open("other", config);
        try (AttachedChannel attachedToOther = AttachedChannel.attach(other.folder())) {
            assertNoneAllocated(other::write);
            assertNoneAllocated(attachedToOther::write);
        }
    }

    private static void assertNoneAllocated(ToIntFunction<CharSequence> writer) {
        int clean = 0;
        long last = 0;
        for (int round = 0; round < 100 && clean < 5; round++) {
            last = allocated(writer, "a text that somebody logs: äöü €\n");
            clean = last == 0 ? clean + 1 : 0;
        }
        assertThat(clean)
                .as("clean rounds in a row; the last has allocated %d bytes", last)
                .isEqualTo(5);
    }

    private static long allocated(ToIntFunction<CharSequence> writer, CharSequence text) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            int ignored = writer.applyAsInt(text);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
