package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;

/// `relay_close` while others still read, write and hold what they have.
class ChannelCloseTest {
    private static final ChannelConfig CONFIG = ChannelConfig.of(64, 4).withGlobal(true);

    @Test
    void whatWasWrittenStaysReadableToTheLastByte() throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", CONFIG);
            ChannelBuffer buffer = channel.buffers().getFirst();
            channel.write(bytes("x".repeat(60)));
            channel.write(bytes("second"));
            Path folder = channel.folder();
            channel.close();
            assertThat(Files.exists(folder)).isFalse();
            assertThat(buffer.isFinalized()).isTrue();
            assertThat(buffer.isReadable()).isTrue();
            assertThat(buffer.produced()).isEqualTo(1);
            assertThat(read(buffer)).isEqualTo("x".repeat(60) + "second");
            assertThat(read(buffer)).isEmpty();
            assertThat(buffer.stats().records()).isEqualTo(2);
        }
    }

    @Test
    void writesAreRefusedAndNotCounted() throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", CONFIG);
            channel.close();
            channel.close();
            assertThat(channel.isClosed()).isTrue();
            assertThat(channel.isEnabled()).isFalse();
            assertThat(channel.write(bytes("late"))).isEqualTo(WriteResult.CLOSED);
            assertThat(channel.write(MemorySegment.ofArray(bytes("late")), 0, 4))
                    .isEqualTo(WriteResult.CLOSED);
            assertThat(channel.writeTo(0, MemorySegment.ofArray(bytes("late")), 0, 4))
                    .isEqualTo(WriteResult.CLOSED);
            assertThat(channel.reserve(channel.newReservation(), 4)).isEqualTo(WriteResult.CLOSED);
            assertThat(channel.write(new byte[65])).isEqualTo(WriteResult.CLOSED);
            channel.setEnabled(true);
            assertThat(channel.write(bytes("late"))).isEqualTo(WriteResult.CLOSED);
            assertThat(channel.dropped()).isZero();
            assertThat(relay.channel("app")).isEmpty();
        }
    }

    @Test
    void flushResetAndConsumedGoOnWorking() throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", CONFIG);
            ChannelBuffer buffer = channel.buffers().getFirst();
            channel.write(bytes("one"));
            channel.close();
            channel.flush();
            assertThat(buffer.produced()).isEqualTo(1);
            channel.subBuffersConsumed(0, 1);
            assertThat(buffer.consumed()).isEqualTo(1);
            channel.reset();
            assertThat(buffer.produced()).isZero();
            assertThat(channel.write(bytes("late"))).isEqualTo(WriteResult.CLOSED);
        }
    }

    @Test
    void memoryIsNotTakenAwayFromThoseWhoWriteLate() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong accepted = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        try (Relay relay = Relay.create()) {
            RelayChannel[] channel = {relay.open("app", CONFIG.withMode(ChannelMode.OVERWRITE))};
            Thread writer = Thread.ofPlatform().start(() -> {
                byte[] record = bytes("record");
                while (!ended.get()) {
                    (channel[0].write(record) > 0 ? accepted : refused).incrementAndGet();
                }
            });
            for (int i = 0; i < 30; i++) {
                Thread.sleep(2);
                RelayChannel old = channel[0];
                old.close();
                System.gc();
                channel[0] = relay.open("app", CONFIG.withMode(ChannelMode.OVERWRITE));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> refused.get() > 0);
            ended.set(true);
            writer.join();
        }
        assertThat(accepted.get()).isPositive();
    }

    @Test
    void memoryGoesWhenNobodyHoldsItAnyMore() throws Exception {
        try (Relay relay = Relay.create()) {
            RelayChannel channel = relay.open("app", CONFIG);
            channel.write(bytes("abc"));
            MemorySegment view = channel.buffers().getFirst().data();
            WeakReference<RelayChannel> gone = new WeakReference<>(channel);
            String mapping = "/app.1/cpu0";
            channel.close();
            channel = null;
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                System.gc();
                return gone.get() == null;
            });
            assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'a');
            assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(mapping);
            view = null;
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                System.gc();
                return !Files.readString(Path.of("/proc/self/maps")).contains(mapping);
            });
        }
    }

    @Test
    void closingTheRelayClosesAllAndLeavesNothingBehind() throws Exception {
        Relay relay = Relay.create();
        RelayChannel named = relay.open("a/b", CONFIG);
        RelayChannel unnamed = relay.openUnnamed(CONFIG);
        Path folder = relay.folder();
        assertThat(Files.exists(folder)).isTrue();
        relay.close();
        relay.close();
        assertThat(named.isClosed()).isTrue();
        assertThat(unnamed.isClosed()).isTrue();
        assertThat(Files.exists(folder)).isFalse();
    }
}
