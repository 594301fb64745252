package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.testing.DeadOwner;

/// A relay takes over what another one would have left if it had been killed.
@Timeout(60)
class AdoptionTest {
    private static final ChannelConfig GLOBAL = ChannelConfig.of(64, 4).withGlobal(true);

    private Relay before;
    private Relay after;

    @BeforeEach
    void open() throws IOException {
        before = Relay.create();
        after = Relay.create();
    }

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private static String read(RelayChannel channel) {
        StringBuilder all = new StringBuilder();
        MemorySegment target = MemorySegment.ofArray(new byte[1 << 16]);
        for (ChannelBuffer buffer : channel.buffers()) {
            for (int read = buffer.read(target, 0, 1 << 16); read > 0; read = buffer.read(target, 0, 1 << 16)) {
                all.append(
                        new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
            }
        }
        return all.toString();
    }

    private RelayChannel adopted(String name) {
        return after.channel(name).orElseThrow();
    }

    @Test
    void namesSettingsPositionsAndCountersAreWhatTheyWere() throws IOException {
        List<RelayChannel> channels = List.of(
                before.open("a/b", ChannelConfig.of(64, 4)),
                before.open("ring", GLOBAL.withMode(ChannelMode.OVERWRITE).withPaddingHeader(4)),
                before.open(
                        "placed",
                        GLOBAL.withBaseName("trace")
                                .withNumberedFiles(false)
                                .withFileDirectory("/block/sda")
                                .withPlainDirectory(true)
                                .withFileMode(0640)
                                .withAbandonAfterMs(77)));
        RelayChannel late = before.openUnnamed(GLOBAL);
        late.publish("late");
        for (RelayChannel channel : List.of(channels.get(0), channels.get(1), channels.get(2), late)) {
            for (int i = 0; i < 30; i++) {
                channel.write(bytes("record %02d\n".formatted(i)));
            }
            channel.buffers().getFirst().read(MemorySegment.ofArray(new byte[30]), 0, 30);
        }
        late.setEnabled(false);
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            Adoption adoption = after.adopt(dead.folder());
            assertThat(adoption.left()).isEmpty();
            assertThat(adoption.channels()).containsExactlyInAnyOrderElementsOf(after.channels());
            for (RelayChannel was : before.channels()) {
                RelayChannel is = adopted(was.name());
                assertThat(is.isAdopted()).isTrue();
                assertThat(settings(is)).isEqualTo(settings(was));
                assertThat(is.stats()).isEqualTo(was.stats());
                assertThat(is.reservedBytes()).isEqualTo(was.reservedBytes());
                assertThat(is.dropped()).isEqualTo(was.dropped());
                assertThat(is.folder())
                        .isEqualTo(dead.folder().resolve(was.folder().getFileName()));
                assertThat(read(is)).isEqualTo(read(was));
            }
            assertThat(after.reservedBytes()).isEqualTo(before.reservedBytes());
            assertThat(adopted("late").write(bytes("x"))).isEqualTo(WriteResult.DISABLED);
            assertThat(adopted("a/b").write(bytes("x"))).isEqualTo(1);
            after.close();
            assertThat(dead.folder()).doesNotExist();
        }
    }

    @Test
    void aChannelOfEventsIsTakenOver() throws IOException {
        RelayChannel was =
                before.open("app", ChannelConfig.of(4096, 4).withGlobal(true).withEvents(true));
        was.writeText(-1, MemorySegment.ofArray(bytes("first")));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            assertThat(after.adopt(dead.folder()).left()).isEmpty();
            RelayChannel is = adopted("app");
            assertThat(is.config().events()).isTrue();
            assertThat(read(is)).isEqualTo(read(was)).contains("first");
            assertThat(is.writeText(-1, MemorySegment.ofArray(bytes("second")))).isEqualTo(6);
            assertThat(is.write(bytes("third"))).isEqualTo(5);
            assertThat(read(is)).contains("second", "third");
        }
    }

    private static List<Object> settings(RelayChannel channel) {
        ChannelConfig config = channel.config();
        List<Object> all = new ArrayList<>(List.of(
                config.subBufferSize(),
                config.subBufferCount(),
                config.mode(),
                config.global(),
                config.paddingHeader(),
                config.baseName(),
                String.valueOf(config.fileDirectory()),
                config.numberedFiles(),
                config.plainDirectory(),
                config.fileMode(),
                config.abandonAfterMs(),
                channel.isEnabled()));
        channel.buffers().forEach(buffer -> all.add(buffer.cpu() + channel.fileName(buffer)));
        return all;
    }

    @Test
    void whatTheDeadHadNotFinishedIsLeftOutAndNobodyWritesThere() throws IOException {
        // As if they lived, they would be given up after an hour.
        RelayChannel was = before.open("app", GLOBAL.withAbandonAfterMs(3_600_000));
        Reservation unfinished = was.newReservation();
        was.write(bytes("first "));
        was.reserve(unfinished, 6);
        was.write(bytes("second "));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            after.adopt(dead.folder());
            RelayChannel is = adopted("app");
            for (int i = 0; i < 3; i++) {
                assertThat(is.write(bytes("third" + i))).isEqualTo(6);
            }
            StringBuilder all = new StringBuilder();
            for (long end = System.nanoTime() + 5_000_000_000L;
                    !all.toString().endsWith("2") && System.nanoTime() - end < 0; ) {
                all.append(read(is));
            }
            assertThat(all).hasToString("first second third0third1third2");
            BufferStats stats = is.stats().getFirst();
            assertThat(stats.abandoned()).isEqualTo(1);
        }
        unfinished.abort();
    }

    @Test
    void aResizedChannelIsReadOnFromItsOldBuffers() throws IOException {
        RelayChannel was = before.open("app", GLOBAL);
        was.write(bytes("first "));
        was.resize(128, 4);
        was.write(bytes("second "));
        was.resize(256, 4);
        was.write(bytes("third "));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            assertThat(after.adopt(dead.folder()).left()).isEmpty();
            RelayChannel is = adopted("app");
            assertThat(is.config().subBufferSize()).isEqualTo(256);
            is.write(bytes("fourth "));
            is.resize(512, 2);
            is.write(bytes("fifth"));
            assertThat(read(is)).isEqualTo("first second third fourth fifth");
            assertThat(dead.channel("app").resolve("1")).doesNotExist();
            assertThat(dead.channel("app").resolve("3")).isDirectory();
            is.allRings();
            assertThat(after.reservedBytes()).isEqualTo(is.reservedBytes());
        }
    }

    /// Its owner dies before, while and after the buffers change hands.
    @Test
    void aResizeThatWasBegunIsFinishedOrForgotten() throws IOException {
        RelayChannel was = before.open("app", GLOBAL);
        was.write(bytes("first "));
        was.resize(128, 4);
        for (boolean complete : new boolean[] {false, true}) {
            try (DeadOwner dead = DeadOwner.copyOf(before.folder());
                    Relay other = Relay.create()) {
                Path first = dead.channel("app").resolve("meta");
                DeadOwner.put(first, ChannelHeader.STATE_OFFSET, ChannelHeader.STATE_ENABLED);
                DeadOwner.put(first, ChannelHeader.SIZE + BufferHeader.FINALIZED_OFFSET, 0);
                if (!complete) {
                    DeadOwner.put(dead.channel("app").resolve("1/meta"), ChannelHeader.VERSION_OFFSET, 0);
                }
                assertThat(other.adopt(dead.folder()).left()).isEmpty();
                RelayChannel is = other.channel("app").orElseThrow();
                assertThat(is.config().subBufferSize()).isEqualTo(complete ? 128 : 64);
                assertThat(is.write(bytes("second"))).isEqualTo(6);
                assertThat(read(is)).isEqualTo("first second");
            }
        }
    }

    @Test
    void whatIsDamagedIsLeftAndTheOthersAreTakenOver() throws IOException {
        before.open("good", GLOBAL).write(bytes("good"));
        for (String name : List.of("reserve", "version", "short", "nameless", "taken")) {
            before.open(name, GLOBAL).write(bytes(name));
        }
        before.openUnnamed(GLOBAL);
        after.open("taken", GLOBAL);
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            DeadOwner.put(dead.channel("reserve").resolve("meta"), ChannelHeader.SIZE, -1);
            DeadOwner.put(dead.channel("version").resolve("meta"), ChannelHeader.VERSION_OFFSET, 3);
            Files.write(dead.channel("short").resolve("cpu0"), new byte[100]);
            Files.delete(dead.channel("nameless").resolve("settings"));
            Adoption adoption = after.adopt(dead.folder());
            assertThat(adoption.channels()).extracting(RelayChannel::name).containsExactly("good");
            assertThat(adoption.left())
                    .extracting(left -> left.folder().getFileName().toString().replaceAll("\\..*", ""))
                    .containsExactlyInAnyOrder("reserve", "version", "short", "nameless", "taken", "+");
            assertThat(adoption.left())
                    .allSatisfy(left ->
                            assertThat(left.reason()).contains(left.folder().toString()));
            assertThat(read(adopted("good"))).isEqualTo("good");
            after.close();
            // They are still there, for recover.
            assertThat(OwnerFolder.channels(dead.folder())).hasSize(6);
            assertThat(OwnerFolder.at(dead.folder()).orElseThrow().isLeftBehind())
                    .isTrue();
        }
    }

    @Test
    void aChannelThatWasBeingDestroyedIsGone() throws IOException {
        before.open("app", GLOBAL).write(bytes("x"));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            DeadOwner.put(dead.channel("app").resolve("meta"), ChannelHeader.STATE_OFFSET, ChannelHeader.STATE_CLOSED);
            Adoption adoption = after.adopt(dead.folder());
            assertThat(adoption.channels()).isEmpty();
            assertThat(adoption.left()).isEmpty();
            assertThat(dead.folder()).doesNotExist();
        }
    }

    @Test
    void aChannelWithCallbacksIsTakenOverWithoutThem() throws IOException {
        ChannelCallbacks callbacks = new ChannelCallbacks() {};
        before.open("app", GLOBAL.withCallbacks(callbacks)).write(bytes("first "));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
            assertThat(after.adopt(dead.folder()).left()).isEmpty();
            assertThat(adopted("app").config().callbacks()).isNull();
            assertThat(adopted("app").write(bytes("second"))).isEqualTo(6);
            assertThat(read(adopted("app"))).isEqualTo("first second");
            assertThatThrownBy(() -> AttachedChannel.attach(dead.channel("app")))
                    .hasMessageContaining("callbacks");
        }
    }

    @Test
    void whatIsTakenOverCountsForTheQuota() throws IOException {
        before.open("app", ChannelConfig.of(8192, 4).withGlobal(true));
        try (DeadOwner dead = DeadOwner.copyOf(before.folder());
                Relay small = Relay.create(before.reservedBytes() - 1)) {
            assertThat(small.adopt(dead.folder()).left()).isEmpty();
            assertThat(small.reservedBytes()).isEqualTo(before.reservedBytes());
            assertThatThrownBy(() -> small.open("other", ChannelConfig.of(8, 1).withGlobal(true)))
                    .hasMessageContaining("left=0 of");
            small.channel("app").orElseThrow().close();
            assertThat(small.reservedBytes()).isZero();
            small.open("other", ChannelConfig.of(8, 1).withGlobal(true));
        }
    }

    @Test
    void oneOfManyTakesItOverAndCleanDoesNot() throws Exception {
        before.open("app", GLOBAL).write(bytes("x"));
        for (int round = 0; round < 10; round++) {
            AtomicInteger winners = new AtomicInteger();
            List<Relay> relays = List.of(Relay.create(), Relay.create(), Relay.create());
            try (DeadOwner dead = DeadOwner.copyOf(before.folder())) {
                CyclicBarrier start = new CyclicBarrier(relays.size());
                List<Thread> threads = new ArrayList<>();
                for (Relay relay : relays) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            start.await();
                            relay.adopt(dead.folder());
                            winners.incrementAndGet();
                        } catch (IOException e) {
                            assertThat(e).hasMessageContaining("its owner is alive, or another process has just");
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(winners).hasValue(1);
                assertThat(relays.stream()
                                .mapToInt(relay -> relay.channels().size())
                                .sum())
                        .isEqualTo(1);
                assertThatThrownBy(() ->
                                OwnerFolder.at(dead.folder()).orElseThrow().remove())
                        .hasMessageContaining("has just taken it over");
                assertThat(dead.channel("app")).isDirectory();
            } finally {
                relays.forEach(Relay::close);
            }
        }
    }

    @Test
    void theLivingAndWhatIsNoMemoryIsRefused() throws IOException {
        assertThatThrownBy(() -> after.adopt(before.folder())).hasMessageContaining("its owner is alive");
        assertThatThrownBy(() -> after.adopt(Path.of("/dev/shm"))).hasMessageContaining("not the shared memory of");
        assertThatThrownBy(() -> after.adopt(before.folder().resolveSibling("999999999-1-0")))
                .hasMessageContaining("not the shared memory of");
    }
}
