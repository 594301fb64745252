package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.buffer.WriteResult;

@Timeout(120)
class KlogTest {
    private static final int SIZE = 1 << 16;
    private static final Klog LOG = Klog.of("klog-test/a");

    private Relay relay;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private RelayChannel channel(String name) throws Exception {
        return relay.open(name, ChannelConfig.of(SIZE, 4).withGlobal(true));
    }

    private static String read(RelayChannel channel) {
        byte[] bytes = new byte[4 * SIZE];
        int count = channel.buffers().getFirst().read(MemorySegment.ofArray(bytes), 0, bytes.length);
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    /// The text must not even be looked at.
    @Test
    void withoutAChannelNothingHappens() {
        assertThat(LOG.log((CharSequence) null)).isEqualTo(WriteResult.CLOSED);
        assertThat(LOG.log(null, -1, 5)).isEqualTo(WriteResult.CLOSED);
        assertThat(LOG.isOpen()).isFalse();
        assertThat(Klog.klog("nobody hears it")).isEqualTo(WriteResult.CLOSED);
    }

    @Test
    void recordsGoToTheChannelWhileItIsOpen() throws Exception {
        for (int life = 0; life < 3; life++) {
            RelayChannel channel = channel("klog-test/a");
            assertThat(LOG.isOpen()).isTrue();
            assertThat(LOG.log("text\n")).isEqualTo(5);
            assertThat(LOG.log(CharBuffer.wrap("built\n"))).isEqualTo(6);
            assertThat(LOG.log(new byte[] {'b', '\n'})).isEqualTo(2);
            assertThat(LOG.log(new byte[] {'x', 'y', 'z'}, 1, 1)).isEqualTo(1);
            channel.close();
            assertThat(LOG.log("late")).isEqualTo(WriteResult.CLOSED);
            assertThat(read(channel)).isEqualTo("text\nbuilt\nb\ny");
        }
    }

    @Test
    void theChannelKlogHasACallOfItsOwn() throws Exception {
        RelayChannel channel = channel("klog");
        assertThat(Klog.klog("printed")).isEqualTo(7);
        assertThat(read(channel)).isEqualTo("printed");
    }

    @Test
    void aChannelThatIsOpenAlreadyIsFound() throws Exception {
        RelayChannel channel = channel("klog-test/early");
        Klog early = Klog.of("klog-test/early");
        assertThat(Klog.of("klog-test/early")).isSameAs(early);
        assertThat(early.log("found")).isEqualTo(5);
        assertThat(read(channel)).isEqualTo("found");
        assertThat(early).hasToString("klog klog-test/early");
        assertThatThrownBy(() -> Klog.of("../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnnamedChannelIsFoundOnceItIsPublished() throws Exception {
        RelayChannel channel = relay.openUnnamed(ChannelConfig.of(SIZE, 2).withGlobal(true));
        channel.publish("klog-test/a");
        assertThat(LOG.log("named")).isEqualTo(5);
        relay.openUnnamed(ChannelConfig.of(SIZE, 2)).close();
        assertThat(LOG.isOpen()).isTrue();
    }

    @Test
    void theChannelOpenedLastIsMeant() throws Exception {
        try (Relay other = Relay.create()) {
            RelayChannel first = channel("klog-test/a");
            RelayChannel second =
                    other.open("klog-test/a", ChannelConfig.of(SIZE, 2).withGlobal(true));
            LOG.log("x");
            assertThat(read(second)).isEqualTo("x");
            first.close();
            assertThat(LOG.log("y")).isEqualTo(1);
            assertThat(read(second)).isEqualTo("y");
        }
        assertThat(LOG.isOpen()).isFalse();
    }

    @Test
    void aRefusalIsThatOfTheChannel() throws Exception {
        RelayChannel channel = channel("klog-test/a");
        channel.setEnabled(false);
        assertThat(LOG.log("x")).isEqualTo(WriteResult.DISABLED);
        channel.setEnabled(true);
        assertThat(LOG.log("x".repeat(SIZE + 1))).isEqualTo(WriteResult.TOO_BIG);
        assertThat(LOG.log("\u20ac".repeat(SIZE / 2))).isEqualTo(WriteResult.TOO_BIG);
        assertThat(channel.stats().getFirst().big()).isEqualTo(2);
    }

    /// Of any length, with everything in it that a String can have.
    @Test
    void textIsLoggedAsUtf8() throws Exception {
        RelayChannel channel = channel("klog-test/a");
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(round % 100 == 0 ? 5000 : 60);
            int limit = 1 << 3 + random.nextInt(14);
            while (text.length() < length) {
                text.append((char) random.nextInt(Math.min(limit, Character.MAX_VALUE + 1)));
            }
            byte[] expected = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(LOG.log(round % 2 == 0 ? text : text.toString())).isEqualTo(expected.length);
            byte[] logged = new byte[expected.length];
            channel.buffers().getFirst().read(MemorySegment.ofArray(logged), 0, logged.length);
            assertThat(logged).isEqualTo(expected);
        }
    }

    /// Its own log call is for another record.
    @Test
    void aTextMayLogWhileItIsLogged() throws Exception {
        RelayChannel channel = channel("klog-test/a");
        assertThat(LOG.log(new Talkative())).isEqualTo(3);
        assertThat(read(channel)).isEqualTo("insideout");
    }

    private static final class Talkative implements CharSequence {
        @Override
        public int length() {
            return 3;
        }

        @Override
        public char charAt(int index) {
            if (index == 0) {
                LOG.log("inside");
            }
            return "out".charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String toString() {
            throw new AssertionError("made a String");
        }
    }

    @Test
    void aTextAllocatesNothing() throws Exception {
        relay.open("klog-test/a", ChannelConfig.of(4096, 8).withMode(ChannelMode.OVERWRITE));
        CharSequence text = CharBuffer.wrap("x".repeat(50) + '\u20ac');
        int clean = 0;
        long last = 0;
        for (int round = 0; round < 100 && clean < 5; round++) {
            last = allocated(text);
            clean = last == 0 ? clean + 1 : 0;
        }
        assertThat(clean)
                .as("clean rounds in a row; the last has allocated %d bytes", last)
                .isEqualTo(5);
    }

    private static long allocated(CharSequence text) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50_000; i++) {
            LOG.log(text);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aClosedChannelIsNotKept() throws Exception {
        WeakReference<RelayChannel> channel = openAndClose();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (channel.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(channel.get()).isNull();
    }

    private WeakReference<RelayChannel> openAndClose() throws Exception {
        RelayChannel channel = channel("klog-test/a");
        LOG.log("x");
        channel.close();
        return new WeakReference<>(channel);
    }
}
