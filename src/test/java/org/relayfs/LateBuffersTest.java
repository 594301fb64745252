package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Cpus;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.Pinned;
import org.relayfs.tree.Directory;
import org.relayfs.tree.RelayFile;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;
import org.relayfs.tree.handler.HandlerLimits;

/// CPUs for which there was no buffer when the channel was made: their buffers and files come with their first record.
class LateBuffersTest {
    private static final Cpus ONE_OF_TWO = new Cpus(List.of(0), 2);
    private static final MemorySegment RECORD = MemorySegment.ofArray(new byte[] {1, 2, 3});

    private static List<String> relayFiles(RelayTree tree) throws ErrnoException {
        return ((Directory) tree.resolve("/app"))
                .names().stream().filter(name -> name.startsWith("cpu")).toList();
    }

    @Test
    void filesAreNamedByTheNumbersOfTheCpus() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, new Cpus(List.of(0, 3), 6));
                RelayTree tree =
                        new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 1, HandlerLimits.DEFAULT))) {
            relay.open("app", ChannelConfig.of(4096, 2));
            assertThat(relayFiles(tree))
                    .containsExactly(
                            "cpu0", "cpu0.produced", "cpu0.consumed", "cpu3", "cpu3.produced", "cpu3.consumed");
        }
    }

    @Test
    void aCpuThatComesLaterGetsItsFilesWithItsFirstRecord() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, new Cpus(List.of(0, 3), 6));
                RelayTree tree =
                        new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 1, HandlerLimits.DEFAULT))) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            RelayFile first = (RelayFile) tree.resolve("/app/cpu0");
            assertThat(channel.writeTo(5, RECORD, 0, 3)).isEqualTo(3);
            assertThat(relayFiles(tree)).hasSize(9).contains("cpu5", "cpu5.produced", "cpu5.consumed");
            RelayFile late = (RelayFile) tree.resolve("/app/cpu5");
            assertThat(late.buffer().hasData()).isTrue();
            assertThat(tree.resolve("/app/cpu0")).isSameAs(first);
            channel.close();
            assertThat(late.isRemoved()).isTrue();
            assertThat(late.buffer().hasData()).isTrue();
        }
    }

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
        List<ToIntFunction<RelayChannel>> ways = List.of(
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

    /// Field case 22.
    @Test
    void aCpuThatCannotBeIsRefusedAndNamed() throws Exception {
        try (Relay relay = Relay.create(Long.MAX_VALUE, ONE_OF_TWO)) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2));
            RelayChannel global = relay.open("global", ChannelConfig.of(4096, 2).withGlobal(true));
            for (int cpu : new int[] {2, 99, -1, Integer.MIN_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> channel.writeTo(cpu, RECORD, 0, 3))
                        .withMessageStartingWith("CPU: cpu=" + cpu + ", limit=0..1");
                assertThatIllegalArgumentException().isThrownBy(() -> global.writeTo(cpu, RECORD, 0, 3));
            }
            assertThat(channel.stats()).extracting(BufferStats::records).containsExactly(0L);
            assertThat(global.writeTo(1, RECORD, 0, 3)).isEqualTo(3);
            assertThat(global.stats()).extracting(BufferStats::records).containsExactly(1L);
        }
    }

    /// Field case 22.
    @Test
    void theCpusAreThoseOnlineWhenTheChannelIsCreated() throws Exception {
        AtomicReference<Cpus> present = new AtomicReference<>(new Cpus(List.of(0, 1, 2), 4));
        try (Relay relay = Relay.create(Long.MAX_VALUE, present::get)) {
            RelayChannel first = relay.open("first", ChannelConfig.of(4096, 2));
            present.set(new Cpus(List.of(0, 3), 4));
            RelayChannel second = relay.open("second", ChannelConfig.of(4096, 2));
            assertThat(first.buffers()).extracting(ChannelBuffer::cpu).containsExactly(0, 1, 2);
            assertThat(second.buffers()).extracting(ChannelBuffer::cpu).containsExactly(0, 3);
            assertThat(relay.reservedBytes()).isEqualTo(first.reservedBytes() + second.reservedBytes());
        }
    }

    @Test
    void itsRecordsGoElsewhereWhenTheQuotaIsUsedUp() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 2);
        try (Relay relay = Relay.create(Generation.bytesAtStart(config, ONE_OF_TWO), ONE_OF_TWO)) {
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
                // It looks for a buffer that was not there now and then, not with each record.
                Awaitility.await().untilAsserted(() -> {
                    Pinned.run(1, () -> attached.write(new byte[3]));
                    assertThat(channel.buffers().get(1).stats().records()).isGreaterThan(1);
                });
                long elsewhere = channel.stats().getFirst().records();
                Pinned.run(1, () -> attached.write(new byte[3]));
                assertThat(channel.stats().getFirst().records()).isEqualTo(elsewhere);
            }
        }
    }

    /// The client may give several buffers one name: the first of them keeps it.
    @Test
    void aFileStaysThatOfTheBufferWhichHadItsNameFirst() throws Exception {
        ChannelCallbacks same = new ChannelCallbacks() {
            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                return "same";
            }
        };
        try (Relay relay = Relay.create(Long.MAX_VALUE, new Cpus(List.of(1, 2), 4));
                RelayTree tree =
                        new RelayTree(relay, new TreeOptions(0, 0, 0755, () -> "mmap off", 1, HandlerLimits.DEFAULT))) {
            RelayChannel channel = relay.open("app", ChannelConfig.of(4096, 2).withCallbacks(same));
            RelayFile first = (RelayFile) tree.resolve("/app/same");
            assertThat(first.buffer().cpu()).isOne();
            assertThat(channel.writeTo(3, RECORD, 0, 3)).isEqualTo(3);
            assertThat(channel.buffers()).hasSize(3);
            assertThat(tree.resolve("/app/same")).isSameAs(first);
        }
    }
}
