package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Cpus;

/// CPUs for which there was no buffer when the channel was made.
class LateCpuTest {
    private static final Cpus ONE_OF_TWO = new Cpus(List.of(0), 2);
    private static final MemorySegment RECORD = MemorySegment.ofArray(new byte[] {1, 2, 3});

    @Test
    void getsItsBufferWithItsFirstRecord() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            long reserved = channel.reservedBytes();
            assertThat(channel.buffers()).hasSize(1);
            assertThat(channel.writeTo(1, RECORD, 0, 3)).isEqualTo(3);
            assertThat(channel.buffers()).extracting(ChannelBuffer::cpu).containsExactly(0, 1);
            assertThat(channel.buffers()).extracting(b -> b.stats().records()).containsExactly(0L, 1L);
            assertThat(channel.reservedBytes()).isGreaterThan(reserved);
            assertThat(channel.fileName(channel.buffers().get(1))).isEqualTo("cpu1");
        }
    }

    @Test
    void everyWayToWriteFindsIt() throws Exception {
        List<java.util.function.ToIntFunction<RelayChannel>> ways = List.of(
                channel -> channel.write(new byte[3]),
                channel -> channel.write(new byte[5], 1, 3),
                channel -> channel.write(ByteBuffer.wrap(new byte[3])),
                channel -> channel.write(RECORD, 0, 3),
                channel -> {
                    Reservation reservation = channel.newReservation();
                    int length = channel.reserve(reservation, 3);
                    reservation.commit();
                    return length;
                });
        for (var way : ways) {
            try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
                RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
                boolean run =
                        Pinned.run(1, () -> assertThat(way.applyAsInt(channel)).isEqualTo(3));
                assumeTrue(run, "there is no second CPU");
                assertThat(channel.buffers())
                        .extracting(b -> b.stats().records())
                        .containsExactly(0L, 1L);
            }
        }
    }

    @Test
    void aCpuPastAllPossibleOnesSharesABuffer() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            for (int cpu : new int[] {2, 1000, -1, Integer.MIN_VALUE}) {
                assertThat(channel.writeTo(cpu, RECORD, 0, 3)).isEqualTo(3);
            }
            assertThat(channel.stats().stream().mapToLong(BufferStats::records).sum())
                    .isEqualTo(4);
        }
    }

    @Test
    void itsRecordsGoElsewhereWhenTheQuotaIsUsedUp() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 2);
        try (Relay relay = Relay.create(RelayChannel.bytesAtStart(config, ONE_OF_TWO), ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", config);
            for (int i = 0; i < 100; i++) {
                assertThat(channel.writeTo(1, RECORD, 0, 3)).isEqualTo(3);
            }
            assertThat(channel.buffers()).hasSize(1);
            assertThat(channel.stats().getFirst().records()).isEqualTo(100);
            assertThat(Files.exists(channel.folder().resolve("cpu1"))).isFalse();
        }
    }

    @Test
    void aDisabledOrClosedChannelStaysSo() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            channel.setEnabled(false);
            assertThat(channel.writeTo(1, RECORD, 0, 3)).isEqualTo(WriteResult.DISABLED);
            channel.setEnabled(true);
            assertThat(channel.writeTo(1, RECORD, 0, 3)).isEqualTo(3);
            RelayChannel other = relay.open("other", ChannelConfig.of(4096, 2));
            other.close();
            assertThat(other.writeTo(1, RECORD, 0, 3)).isEqualTo(WriteResult.CLOSED);
            assertThat(other.buffers()).hasSize(1);
        }
    }

    @Test
    void anAttachedWriterFindsItWhenItIsThere() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            try (AttachedChannel attached = AttachedChannel.attach(channel.folder())) {
                assumeTrue(
                        Pinned.run(
                                1, () -> assertThat(attached.write(new byte[3])).isEqualTo(3)),
                        "there is no second CPU");
                assertThat(channel.stats().getFirst().records()).isEqualTo(1);
                channel.writeTo(1, RECORD, 0, 3);
                Thread.sleep(60);
                Pinned.run(1, () -> attached.write(new byte[3]));
                Pinned.run(1, () -> attached.write(new byte[3]));
                assertThat(channel.buffers())
                        .extracting(b -> b.stats().records())
                        .containsExactly(1L, 3L);
            }
        }
    }
}
