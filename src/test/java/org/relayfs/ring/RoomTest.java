package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;

final class RoomTest {
    private static final int SIZE = 64;

    private final MemorySegment record = MemorySegment.ofArray(new byte[SIZE]);
    private final AtomicInteger told = new AtomicInteger();
    private Relay relay;
    private RelayChannel channel;
    private RingBuffer buffer;

    @BeforeEach
    void open() throws Exception {
        relay = Relay.create();
        channel = relay.open("app", ChannelConfig.of(SIZE, 2).withGlobal(true));
        buffer = RingBuffer.of(channel.buffers().getFirst());
        buffer.setRoomListener(told::incrementAndGet);
        fill();
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private void fill() {
        while (buffer.writeIfRoom(record, 0, SIZE) == SIZE) {
            // More.
        }
    }

    @Test
    void whoHasArmedIsToldOnce() {
        buffer.subBuffersConsumed(1);
        assertThat(told).as("nobody has asked").hasValue(0);
        fill();
        buffer.armRoom();
        buffer.subBuffersConsumed(1);
        buffer.subBuffersConsumed(1);
        assertThat(told).hasValue(1);
    }

    @Test
    void readingResettingAndTheEndTell() {
        buffer.armRoom();
        buffer.read(MemorySegment.ofArray(new byte[SIZE]), 0, SIZE);
        assertThat(told).hasValue(1);
        buffer.armRoom();
        buffer.reset();
        assertThat(told).hasValue(2);
        buffer.armRoom();
        channel.setEnabled(false);
        assertThat(told).hasValue(3);
        buffer.armRoom();
        channel.close();
        assertThat(told.get()).isGreaterThan(3);
    }

    @Test
    void aFullBufferLosesNothing() {
        assertThat(buffer.writeIfRoom(record, 0, 1)).isEqualTo(WriteResult.FULL);
        assertThat(channel.dropped()).isZero();
        assertThat(buffer.write(record, 0, 1)).isEqualTo(WriteResult.FULL);
        assertThat(channel.dropped()).isOne();
    }

    @Test
    void roomIsWhereOneByteFits() {
        assertThat(buffer.hasRoom()).isFalse();
        buffer.subBuffersConsumed(1);
        assertThat(buffer.hasRoom()).isTrue();
        fill();
        assertThat(buffer.hasRoom()).isFalse();
        channel.setEnabled(false);
        assertThat(buffer.hasRoom()).as("a write fails at once").isTrue();
    }
}
