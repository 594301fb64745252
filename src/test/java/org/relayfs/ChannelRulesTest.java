package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;

/// Relay's rules for channels: what `relay_open` takes and makes, what close leaves, and what all buffers have in
/// common.
class ChannelRulesTest {
    private Relay relay;

    @BeforeEach
    void create() throws IOException {
        relay = RelayWithCpus.create(List.of(0, 3), 6);
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private static int write(RelayChannel channel, int cpu, String text) {
        return channel.writeTo(cpu, MemorySegment.ofArray(bytes(text)), 0, text.length());
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "4096, 0", "-1, 4", "1, 524289", "1073741825, 2", "4294967296, 1"})
    void geometriesOutOfRangeAreRefused(long size, int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.of(size, count))
                .withMessageContaining("limit");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 4096", "70, 5, 4096", "4096, 4, 16384", "12345, 7, 90112"})
    void memoryIsRoundedUpToPagesAndZero(long size, int count, long expected) throws IOException {
        try (RelayChannel channel = relay.open("app", ChannelConfig.of(size, count))) {
            MemorySegment data = channel.buffers().getFirst().data();
            assertThat(data.byteSize()).isEqualTo(expected);
            assertThat(data.mismatch(MemorySegment.ofArray(new byte[(int) expected])))
                    .isEqualTo(-1);
            for (int i = 0; i < 2 * count; i++) {
                channel.writeTo(
                        0, MemorySegment.ofArray("x".repeat((int) size).getBytes(StandardCharsets.US_ASCII)), 0, (int)
                                size);
                channel.subBuffersConsumed(0, 1);
            }
            long tail = expected - size * count;
            assertThat(data.asSlice(size * count).mismatch(MemorySegment.ofArray(new byte[(int) tail])))
                    .as("the tail is never written")
                    .isEqualTo(-1);
        }
    }

    @Test
    void thereIsOneBufferForEachCpuOnline() throws IOException {
        try (RelayChannel channel = relay.open("cpu", "app", 4096, 4, null, "mine")) {
            assertThat(channel.buffers()).extracting(ChannelBuffer::cpu).containsExactly(0, 3);
            assertThat(channel.buffers()).extracting(channel::fileName).containsExactly("cpu0", "cpu3");
            assertThat(channel.config().privateData()).isEqualTo("mine");
            assertThat(write(channel, 3, "three")).isEqualTo(5);
            assertThat(read(channel.buffers().getFirst())).isEmpty();
            assertThat(read(channel.buffers().getLast())).isEqualTo("three");
        }
    }

    @Test
    void aGlobalChannelHasOneBufferForAll() throws IOException {
        try (RelayChannel channel =
                relay.open("app", ChannelConfig.of(8, 4).withGlobal(true).withBaseName("trace"))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            assertThat(buffer.cpu()).isZero();
            assertThat(channel.buffers())
                    .as("named after the first CPU online")
                    .extracting(channel::fileName)
                    .containsExactly("trace0");
            for (int cpu = 0; cpu < 6; cpu++) {
                assertThat(write(channel, cpu, "record " + cpu)).isEqualTo(cpu < 4 ? 8 : WriteResult.FULL);
            }
            assertThat(buffer.isFull()).isTrue();
            channel.subBuffersConsumed(3, 1);
            channel.subBuffersConsumed(5, 1);
            assertThat(buffer.consumed()).isEqualTo(2);
            assertThat(channel.stats()).hasSize(1);
        }
    }

    @Test
    void consumingForACpuWithoutABufferIsIgnored() throws IOException {
        try (RelayChannel channel = relay.open("app", ChannelConfig.of(8, 4))) {
            write(channel, 0, "12345678");
            channel.flush();
            for (int cpu : new int[] {-1, 1, 5, 6, 1 << 20, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                channel.subBuffersConsumed(cpu, 1);
            }
            assertThat(channel.buffers()).allMatch(buffer -> buffer.consumed() == 0);
            channel.subBuffersConsumed(0, 1);
            assertThat(channel.buffers().getFirst().consumed()).isOne();
        }
    }

    @Test
    void flushResetAndCountersReachEveryBuffer() throws IOException {
        try (RelayChannel channel = relay.open("app", ChannelConfig.of(8, 2))) {
            for (int cpu : new int[] {0, 3}) {
                for (int i = 0; i < 3; i++) {
                    write(channel, cpu, "12345678");
                }
                assertThat(write(channel, cpu, "123456789")).isEqualTo(WriteResult.TOO_BIG);
            }
            assertThat(channel.stats()).allMatch(stats -> stats.full() == 1 && stats.big() == 1);
            assertThat(channel.dropped()).as("both kinds, all CPUs").isEqualTo(4);
            assertThat(channel.stats()).allMatch(stats -> stats.lostBytes() == 17);
            channel.reset();
            assertThat(channel.dropped()).isZero();
            assertThat(channel.buffers()).allMatch(buffer -> buffer.produced() == 0 && buffer.fileSize() == 16);
            channel.flush();
            assertThat(channel.buffers()).allMatch(buffer -> buffer.produced() == 1 && buffer.isReadable());
        }
    }

    @Test
    void closingRefusesWritesAndLeavesTheDataReadable() throws IOException {
        RelayChannel channel = relay.open("app", ChannelConfig.of(8, 4));
        ChannelBuffer buffer = channel.buffers().getFirst();
        write(channel, 0, "closed");
        write(channel, 0, "open");
        channel.close();
        channel.close();
        assertThat(buffer.isFinalized()).isTrue();
        assertThat(buffer.produced()).as("closing does not flush").isOne();
        assertThat(write(channel, 0, "late")).isEqualTo(WriteResult.CLOSED);
        assertThat(channel.write(bytes("late"))).isEqualTo(WriteResult.CLOSED);
        assertThat(read(buffer)).isEqualTo("closedopen");
        assertThat(relay.channel("app")).isEmpty();
        assertThat(channel.folder()).doesNotExist();
        relay.open("app", ChannelConfig.of(8, 4)).close();
    }

    @Test
    void anUnnamedChannelGetsItsFilesLater() throws IOException {
        RelayChannel channel = relay.open(null, null, 8, 4, null, null);
        assertThat(channel.name()).isNull();
        assertThat(relay.channels()).isEmpty();
        write(channel, 0, "early");
        channel.flush();
        relay.open("taken", ChannelConfig.of(8, 4));
        assertThatIllegalStateException().isThrownBy(() -> channel.publish("taken"));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.publish("../up"));
        channel.publish("late");
        assertThat(relay.channel("late")).contains(channel);
        ChannelBuffer buffer = channel.buffers().getFirst();
        assertThat(channel.fileName(buffer)).isEqualTo("cpu0");
        assertThat(buffer.fileSize()).as("what was produced before counts").isEqualTo(5);
        assertThat(read(buffer)).isEqualTo("early");
        assertThatIllegalStateException().isThrownBy(() -> channel.publish("again"));
        channel.close();
    }

    @Test
    void reservedBytesAreReadOnceTheyAreCommitted() throws IOException {
        try (RelayChannel channel = relay.open("app", ChannelConfig.of(64, 4).withGlobal(true))) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            Reservation reservation = channel.newReservation();
            assertThat(channel.reserve(reservation, 5)).isEqualTo(5);
            write(channel, 0, "after");
            assertThat(read(buffer)).isEmpty();
            channel.flush();
            assertThat(buffer.produced()).isZero();
            reservation.putBytes(0, bytes("first"), 0, 5);
            reservation.commit();
            assertThat(buffer.produced()).isOne();
            assertThat(read(buffer)).isEqualTo("firstafter");
        }
    }
}
