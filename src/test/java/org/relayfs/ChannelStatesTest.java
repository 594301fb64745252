package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Cpus;

/// Channels that are disabled, global, unnamed, many; their private data; threads of all kinds.
class ChannelStatesTest {
    private static final ChannelConfig CONFIG = ChannelConfig.of(64, 4).withGlobal(true);
    private Relay relay;

    @BeforeEach
    void make() throws Exception {
        relay = Relay.create();
    }

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void aDisabledChannelFlushesAndTakesNothingAndCountsNothing() throws Exception {
        RelayChannel channel = relay.open("app", CONFIG);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("before"));
        assertThat(buffer.isReadable()).isFalse();
        channel.setEnabled(false);
        assertThat(channel.isEnabled()).isFalse();
        assertThat(buffer.isReadable()).isTrue();
        assertThat(channel.write(bytes("no"))).isEqualTo(WriteResult.DISABLED);
        assertThat(channel.write(new byte[0])).isEqualTo(WriteResult.DISABLED);
        assertThat(channel.write(new byte[1000])).isEqualTo(WriteResult.DISABLED);
        assertThat(channel.dropped()).isZero();
        assertThat(buffer.stats().lostBytes()).isZero();
        channel.setEnabled(true);
        assertThat(channel.write(bytes("after"))).isEqualTo(5);
        assertThat(read(buffer)).isEqualTo("beforeafter");
    }

    @Test
    void aNameThatIsTakenOrNoNameDoesNotPublish() throws Exception {
        relay.open("taken", CONFIG);
        RelayChannel channel = relay.openUnnamed(CONFIG);
        assertThatThrownBy(() -> channel.publish("taken")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> channel.publish("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.publish(null)).isInstanceOf(NullPointerException.class);
        assertThat(channel.name()).isNull();
        channel.publish("free");
        channel.close();
        assertThat(relay.channels()).extracting(RelayChannel::name).containsExactly("taken");
    }

    @Test
    void relayOpenTakesTheKernelsArguments() throws Exception {
        Object mine = new Object();
        RelayChannel channel = relay.open("cpu", "app", 4096, 4, new ChannelCallbacks() {}, mine);
        assertThat(channel.config().privateData()).isSameAs(mine);
        assertThat(channel.name()).isEqualTo("app");
        RelayChannel unnamed = relay.open(null, null, 4096, 4, null, mine);
        assertThat(unnamed.name()).isNull();
        assertThatThrownBy(() -> relay.open("cpu", "b", 0, 4, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subbuf_size=0");
        assertThatThrownBy(() -> relay.open("cpu", "b", 4096, 0, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("n_subbufs=0");
        assertThatThrownBy(() -> relay.open("cpu", "b", 1L << 31, 2, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit=" + (1L << 31));
        assertThatThrownBy(() -> relay.open("cpu", "b", Long.MAX_VALUE, 2, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> relay.open("cpu", null, 4096, 4, null, null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void severalChannelsDoNotTouchEachOther() throws Exception {
        List<RelayChannel> channels = IntStream.range(0, 20)
                .mapToObj(i -> {
                    try {
                        return relay.open(
                                "c" + i, ChannelConfig.of(64 + i, 2 + i).withGlobal(true));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 20; i++) {
                channels.get(i).write(bytes(round + "-" + i + " "));
            }
        }
        channels.get(7).close();
        channels.get(8).reset();
        for (int i = 0; i < 20; i++) {
            int number = i;
            String expected = i == 8
                    ? ""
                    : String.join(
                            "",
                            IntStream.range(0, 10)
                                    .mapToObj(r -> r + "-" + number + " ")
                                    .toList());
            assertThat(read(channels.get(i).buffers().getFirst())).isEqualTo(expected);
        }
    }

    @Test
    void thereMayBeAThousandAndTwentyFourCpus() throws Exception {
        relay.close();
        relay = Relay.create(
                Long.MAX_VALUE, new Cpus(IntStream.range(0, 1024).boxed().toList(), 1024));
        RelayChannel channel = relay.open("app", ChannelConfig.of(256, 2));
        assertThat(channel.buffers()).hasSize(1024);
        for (int cpu = 0; cpu < 1024; cpu += 31) {
            channel.writeTo(cpu, MemorySegment.ofArray(bytes("cpu " + cpu)), 0, 5);
        }
        assertThat(channel.write(bytes("here"))).isEqualTo(4);
        assertThat(read(channel.buffers().get(992))).isEqualTo("cpu 9");
        assertThat(channel.fileName(channel.buffers().get(1023))).isEqualTo("cpu1023");
        assertThat(channel.stats().stream().mapToLong(BufferStats::records).sum())
                .isEqualTo(35);
    }

    @Test
    void virtualThreadsWriteLikeOthers() throws Exception {
        RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 64));
        AtomicLong sum = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2000; i++) {
                threads.execute(() -> {
                    byte[] record = "%08d\n"
                            .formatted(Thread.currentThread().threadId())
                            .getBytes(StandardCharsets.US_ASCII);
                    for (int n = 0; n < 5; n++) {
                        sum.addAndGet(channel.write(record));
                        Thread.yield();
                    }
                });
            }
        }
        assertThat(sum.get()).isEqualTo(2000 * 5 * 9);
        long lines = 0;
        for (ChannelBuffer buffer : channel.buffers()) {
            List<String> read = read(buffer).lines().toList();
            assertThat(read).allMatch(line -> line.length() == 8);
            lines += read.size();
        }
        assertThat(lines).isEqualTo(10_000);
    }
}
