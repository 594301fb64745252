package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.testing.Client;
import org.relayfs.testing.Programs;

/// A program in C that uses `relayfs.h`, attached to channels of this process: what it does there is what
/// [AttachedChannel] does, to the byte and the counter.
class AttachedInCTest {
    private static final int PATIENCE_MS = 20_000;

    private Relay relay;
    private Client c;

    @BeforeEach
    void start() throws Exception {
        relay = Relay.create();
        c = Client.start(Programs.c("attached"));
    }

    @AfterEach
    void end() throws Exception {
        c.input().close();
        c.awaitEnd();
        c.close();
        relay.close();
    }

    private String tell(String command) throws Exception {
        c.input().write(bytes(command + "\n"));
        c.input().flush();
        String answer = c.takeLine(PATIENCE_MS);
        assertThat(answer).as("%s: %s", command, c).isNotNull();
        return answer;
    }

    private RelayChannel open(ChannelConfig config) throws Exception {
        return relay.open("app", config.withGlobal(true));
    }

    private RelayChannel openAndAttach(ChannelConfig config) throws Exception {
        RelayChannel channel = open(config);
        assertThat(tell("attach " + channel.folder())).isEqualTo("0");
        return channel;
    }

    private static ChannelBuffer buffer(RelayChannel channel) {
        return channel.buffers().getFirst();
    }

    private static void store(RelayChannel channel, int offset, long value) throws IOException {
        try (FileChannel meta = FileChannel.open(channel.folder().resolve("meta"), StandardOpenOption.WRITE)) {
            meta.write(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, value), offset);
        }
    }

    /// Twice the same records, by both: over several laps, with refusals, and with what stays open in between.
    @ParameterizedTest
    @ValueSource(strings = {"no-overwrite 0", "overwrite 0", "no-overwrite 8", "overwrite 8", "overwrite 4", "one 0"})
    void itDoesWhatAnAttachedJvmDoes(String variant) throws Exception {
        ChannelConfig config = ChannelConfig.of(64, variant.startsWith("one") ? 1 : 3)
                .withMode(variant.startsWith("overwrite") ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                .withPaddingHeader(Integer.parseInt(variant.substring(variant.indexOf(' ') + 1)))
                .withGlobal(true);
        RelayChannel mine = openAndAttach(config);
        RelayChannel other = relay.open("other", config);
        try (AttachedChannel java = AttachedChannel.attach(other.folder())) {
            for (int i = 0; i < 40; i++) {
                String record = String.valueOf((char) ('a' + i % 26)).repeat(i * 7 % 40 + (i == 30 ? 60 : 0));
                assertThat(tell("write " + record)).isEqualTo("" + java.write(bytes(record)));
                if (i % 13 == 12) {
                    assertThat(read(buffer(mine), 100)).isEqualTo(read(buffer(other), 100));
                }
            }
        }
        assertThat(buffer(mine).stats()).isEqualTo(buffer(other).stats());
        assertThat(mine.dropped()).isEqualTo(other.dropped());
        assertThat(read(buffer(mine))).isNotEmpty().isEqualTo(read(buffer(other)));
        assertThat(tell("detach")).isEqualTo("0");
    }

    @Test
    void whoWritesFollowsAChannelThatIsResized() throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(16, 2));
        tell("write one");
        assertThat(tell("reserve 3")).isEqualTo("3");
        channel.resize(32, 4);
        assertThat(tell("write two")).isEqualTo("3");
        assertThat(tell("write " + "x".repeat(32))).as("in the new geometry").isEqualTo("32");
        assertThat(tell("commit abc")).isEqualTo("0");
        assertThat(tell("reserve 4") + tell("commit four")).isEqualTo("40");
        assertThat(read(buffer(channel)) + read(buffer(channel))).isEqualTo("oneabctwo" + "x".repeat(32) + "four");
        for (int i = 0; i < 20; i++) {
            channel.resize(16 + i, 3);
            for (int k = 0; k < 300; k++) {
                assertThat(tell("write " + i)).isEqualTo("" + ("" + i).length());
                assertThat(read(buffer(channel))).isEqualTo("" + i);
            }
        }
        assertThat(channel.dropped()).isZero();
        assertThat(buffer(channel).stats().damaged()).isFalse();
        assertThat(tell("alive") + tell("closed")).isEqualTo("10");
        assertThat(tell("detach") + tell("attach " + channel.folder()) + tell("write y"))
                .as("the first generations are gone")
                .isEqualTo("001");
        channel.close();
        assertThat(tell("write x") + tell("closed")).isEqualTo("-51");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach ", "attach-observer "})
    void whoObservesFollowsAChannelThatIsResized(String how) throws Exception {
        RelayChannel channel = open(ChannelConfig.of(16, 2));
        assertThat(tell(how + channel.folder()) + tell("observe 0 oldest")).isEqualTo("00");
        channel.write(bytes("one"));
        channel.resize(32, 4);
        channel.write(bytes("two"));
        assertThat(tell("next 100")).isEqualTo("3 0 one");
        channel.resize(8, 4);
        channel.write(bytes("three"));
        assertThat(tell("next 100") + tell("next 100") + tell("next 100") + tell("next 100"))
                .isEqualTo("0 0 3 0 two0 0 5 0 three");
        assertThat(tell("observe 0 newest") + tell("next 100") + tell("missed")).isEqualTo("00 0 0");
        channel.close();
        assertThat(tell("next 100")).isEqualTo("-5 0 ");
    }

    /// The owner is at it: the files of a generation go one by one.
    @Test
    void anObserverPassesOverAGenerationWhoseFilesAreGoing() throws Exception {
        RelayChannel channel = open(ChannelConfig.of(16, 2));
        assertThat(tell("attach-observer " + channel.folder()) + tell("observe 0 oldest"))
                .isEqualTo("00");
        channel.write(bytes("one"));
        channel.resize(32, 4);
        channel.write(bytes("two"));
        channel.resize(16, 4);
        channel.write(bytes("three"));
        Files.delete(channel.folder().resolve("1/cpu0"));
        assertThat(tell("next 100") + tell("next 100") + tell("next 100")).isEqualTo("3 0 one0 0 5 0 three");
    }

    @Test
    void anObserverCountsWhatWasInGenerationsThatAreGone() throws Exception {
        RelayChannel channel = open(ChannelConfig.of(16, 2));
        assertThat(tell("attach-observer " + channel.folder()) + tell("observe 0 oldest"))
                .isEqualTo("00");
        channel.write(bytes("one"));
        assertThat(tell("next 100")).isEqualTo("3 0 one");
        channel.resize(32, 4);
        channel.write(bytes("three"));
        channel.resize(16, 4);
        channel.write(bytes("seven"));
        channel.resize(32, 4);
        channel.write(bytes("last"));
        String taken = "";
        while (!taken.endsWith("last")) {
            taken += read(buffer(channel));
        }
        assertThat(tell("next 100") + tell("next 100") + tell("missed")).isEqualTo("0 0 4 0 last10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach ", "attach-observer "})
    void anAttachmentIsNeverWrittenThroughWithoutTheRight(String how) throws Exception {
        RelayChannel channel = open(ChannelConfig.of(16, 2));
        assertThat(tell(how + channel.folder()) + tell("observe 0 oldest")).isEqualTo("00");
        channel.resize(32, 4);
        assertThat(tell("next 100")).isEqualTo("0 0 ");
        String written = how.equals("attach ") ? "1" : "" + WriteResult.CLOSED;
        for (int i = 0; i < 3; i++) {
            assertThat(tell("write x")).isEqualTo(written);
            assertThat(tell("write-to 0 x")).isEqualTo(written);
            assertThat(tell("write-timeout 1 x")).isEqualTo(written);
            assertThat(tell("reserve 1")).isEqualTo(written);
            if (written.equals("1")) {
                tell("commit x");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach ", "attach-observer "})
    void itGoesOnInAChannelThatWasMadeAnew(String how, @TempDir Path directory) throws Exception {
        RelayChannel channel = open(ChannelConfig.of(16, 2));
        Path memory = Files.writeString(directory.resolve("memory"), channel.folder() + "\n");
        assertThat(tell(how + directory) + tell("reattach " + directory)).isEqualTo("00 ");
        channel.close();
        assertThat(tell("reattach " + directory) + tell("write x")).isEqualTo("0 " + WriteResult.CLOSED);
        Files.writeString(memory, "\n");
        assertThat(tell("reattach " + directory)).as("not created").isEqualTo("0 ");
        Files.writeString(memory, "nowhere\n");
        assertThat(tell("reattach " + directory)).startsWith("-117 ").contains("names nowhere");
        RelayChannel next = open(ChannelConfig.of(32, 2));
        Files.writeString(memory, next.folder() + "\n");
        next.write(bytes("before"));
        assertThat(tell("reattach " + directory)).isEqualTo("1 ");
        assertThat(tell("observe 0 oldest") + tell("next 100")).isEqualTo("06 0 before");
        assertThat(tell("write x")).isEqualTo(how.equals("attach ") ? "1" : "" + WriteResult.CLOSED);
        assertThat(tell("reattach " + directory) + tell("detach")).isEqualTo("0 0");
    }

    @Test
    void whyARecordIsRefused() throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(16, 2));
        assertThat(tell("write " + "x".repeat(17))).isEqualTo("" + WriteResult.TOO_BIG);
        tell("write " + "x".repeat(16));
        tell("write " + "x".repeat(16));
        assertThat(tell("write x")).isEqualTo("" + WriteResult.FULL);
        assertThat(tell("write-to 99 x")).as("all CPUs have the one buffer").isEqualTo("" + WriteResult.FULL);
        channel.setEnabled(false);
        assertThat(tell("write x")).isEqualTo("" + WriteResult.DISABLED);
        assertThat(tell("closed")).isEqualTo("0");
        channel.close();
        assertThat(tell("write x")).isEqualTo("" + WriteResult.CLOSED);
        assertThat(tell("closed")).isEqualTo("1");
        assertThat(tell("alive")).isEqualTo("1");
        relay.close();
        assertThat(tell("alive")).isEqualTo("0");
    }

    @Test
    void aRecordGoesToTheCpuThatIsNamed() throws Exception {
        RelayChannel channel = relay.open("app", ChannelConfig.of(64, 2));
        assertThat(tell("attach " + channel.folder())).isEqualTo("0");
        for (ChannelBuffer buffer : channel.buffers()) {
            assertThat(tell("write-to " + buffer.cpu() + " for-" + buffer.cpu()))
                    .isEqualTo("5");
            assertThat(read(buffer)).isEqualTo("for-" + buffer.cpu());
        }
        assertThat(tell("write-to 2000 x")).isEqualTo("-22");
    }

    @Test
    void reservationsAreCommittedGivenBackAndPassedOver() throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(64, 2));
        assertThat(tell("reserve 5")).isEqualTo("5");
        channel.write(bytes("after "));
        assertThat(read(buffer(channel))).isEmpty();
        tell("commit first");
        assertThat(read(buffer(channel))).isEqualTo("firstafter ");
        assertThat(tell("reserve 7")).isEqualTo("7");
        tell("abort");
        assertThat(buffer(channel).stats().abandoned()).isZero();
        assertThat(tell("reserve 7")).isEqualTo("7");
        channel.write(bytes("behind"));
        tell("abort");
        assertThat(buffer(channel).stats().abandoned()).isEqualTo(1);
        assertThat(buffer(channel).stats().abandonedBytes()).isEqualTo(7);
        assertThat(read(buffer(channel))).isEqualTo("behind");
        assertThat(buffer(channel).stats().records()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ChannelMode.class)
    void anObserverConsumesNothingAndKnowsWhatItHasMissed(ChannelMode mode) throws Exception {
        RelayChannel channel = open(ChannelConfig.of(8, 4).withMode(mode));
        assertThat(tell("attach-observer " + channel.folder())).isEqualTo("0");
        assertThat(tell("observe 0 oldest")).isEqualTo("0");
        assertThat(tell("next 100")).isEqualTo("0 0 ");
        channel.write(bytes("aaaa"));
        assertThat(tell("next 3")).isEqualTo("3 0 aaa");
        assertThat(tell("next 3")).isEqualTo("1 0 a");
        Reservation reservation = channel.newReservation();
        channel.reserve(reservation, 2);
        assertThat(tell("next 100")).isEqualTo("0 0 ");
        reservation.putBytes(0, bytes("bb"), 0, 2);
        reservation.commit();
        channel.write(bytes("cccccccc"));
        assertThat(tell("next 100")).isEqualTo("2 0 bb");
        assertThat(tell("next 100")).isEqualTo("8 0 cccccccc");
        assertThat(read(buffer(channel))).isEqualTo("aaaabbcccccccc");
        for (int i = 0; i < 6; i++) {
            channel.write(bytes("record " + i));
            read(buffer(channel));
        }
        // It stands behind what it has had; two of six are no longer there.
        assertThat(tell("next 100")).isEqualTo("8 2 record 2");
        for (int i = 3; i < 6; i++) {
            assertThat(tell("next 100")).isEqualTo("8 2 record " + i);
        }
        assertThat(tell("missed")).isEqualTo("16");
        channel.write(bytes("not read"));
        channel.write(bytes("before"));
        channel.reset();
        assertThat(tell("next 100")).isEqualTo("0 2 ");
        assertThat(tell("missed")).isEqualTo("16");
        channel.write(bytes("last"));
        assertThat(tell("next 100")).isEqualTo("4 2 last");
        assertThat(tell("observe 0 unread") + tell("next 100")).isEqualTo("04 0 last");
        assertThat(tell("observe 1 newest") + tell("next 100")).isEqualTo("-19-5 0 ");
        assertThat(tell("observe 0 newest") + tell("next 100")).isEqualTo("00 0 ");
        assertThat(tell("write x")).isEqualTo("" + WriteResult.CLOSED);
        channel.close();
        assertThat(tell("next 100")).isEqualTo(WriteResult.CLOSED + " 0 ");
    }

    @Test
    void whoWaitsIsWokenByADelivery() throws Exception {
        RelayChannel channel = open(ChannelConfig.of(8, 4));
        assertThat(tell("attach-observer " + channel.folder())).isEqualTo("0");
        assertThat(tell("wait 1")).isEqualTo("0");
        c.input().write(bytes("wait 20000\n"));
        c.input().flush();
        assertThat(c.takeLine(20)).as("it waits").isNull();
        channel.write(bytes("abc"));
        channel.flush();
        assertThat(c.takeLine(PATIENCE_MS)).isEqualTo("1");
    }

    @Test
    void anObserverPassesHolesOver() throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(64, 2));
        Reservation[] given = {channel.newReservation(), channel.newReservation()};
        channel.write(bytes("one"));
        channel.reserve(given[1], 3);
        channel.reserve(given[0], 5);
        channel.write(bytes("two"));
        given[0].abort();
        given[1].abort();
        channel.write(bytes("three"));
        assertThat(tell("observe 0 oldest") + tell("next 100")).isEqualTo("011 0 onetwothree");
    }

    @Test
    void anotherLayoutIsRefusedWithBothVersions() throws Exception {
        RelayChannel channel = open(ChannelConfig.of(64, 2));
        long known = ChannelHeader.LAYOUT_VERSION;
        store(channel, ChannelHeader.VERSION_OFFSET, 77);
        for (String how : List.of("attach ", "attach-observer ")) {
            assertThat(tell(how + channel.folder()))
                    .isEqualTo("-93 %s: layout of the shared memory: version=77, known here=%d"
                            .formatted(channel.folder(), known));
        }
        store(channel, ChannelHeader.VERSION_OFFSET, known);
        store(channel, ChannelHeader.MAGIC_OFFSET, 1);
        assertThat(tell("attach " + channel.folder())).startsWith("-93 ").contains("not relayfs");
        store(channel, ChannelHeader.MAGIC_OFFSET, ChannelHeader.MAGIC);
        store(channel, ChannelHeader.BUFFER_SLOTS_OFFSET, 1L << 40);
        assertThat(tell("attach " + channel.folder())).startsWith("-117 ").contains("meta is damaged");
        store(channel, ChannelHeader.BUFFER_SLOTS_OFFSET, 1);
        store(channel, ChannelHeader.FLAGS_OFFSET, ChannelHeader.FLAG_CALLBACKS);
        assertThat(tell("attach " + channel.folder())).startsWith("-95 ").contains("callbacks");
        store(channel, ChannelHeader.FLAGS_OFFSET, 2 * ChannelHeader.FLAG_EVENTS);
        for (String how : List.of("attach ", "attach-observer ")) {
            assertThat(tell(how + channel.folder())).startsWith("-95 ").contains("not known here");
        }
        assertThat(tell("attach " + Path.of("/no/such/folder")))
                .isEqualTo("-2 /no/such/folder: No such file or directory");
    }

    /// Words that cannot be: an answer in no time, and none of the bytes beside the buffer.
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, 1L << 62, 0x7fff_ffff_ffffL, 0x50f})
    void damageIsToldAndKeepsOthersOut(long word) throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(8, 5));
        assertThat(tell("write abc")).isEqualTo("3");
        assertThat(tell("observe 0 oldest")).isEqualTo("0");
        store(channel, ChannelHeader.SIZE + BufferHeader.RESERVE_OFFSET, word);
        assertThat(tell("next 100")).isEqualTo("-6 0 ");
        assertThat(tell("write abc")).isEqualTo("" + WriteResult.DAMAGED);
        assertThat(tell("reserve 3")).isEqualTo("" + WriteResult.DAMAGED);
        assertThat(channel.write(bytes("abc"))).isEqualTo(WriteResult.DAMAGED);
        assertThat(buffer(channel).stats().damaged()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferHeader.CONSUMED_OFFSET, BufferHeader.DELIVERED_OFFSET, BufferHeader.READ_OFFSET_OFFSET})
    void positionsThatCannotBeLeadNowhere(int offset) throws Exception {
        RelayChannel channel = openAndAttach(ChannelConfig.of(8, 4));
        assertThat(tell("write abc")).isEqualTo("3");
        store(channel, ChannelHeader.SIZE + offset, Long.MAX_VALUE - 5);
        for (String start : List.of("oldest", "unread", "newest")) {
            assertThat(tell("observe 0 " + start)).isEqualTo("0");
            assertThat(tell("next 100")).matches("-?\\d+ \\d+ (abc)?");
        }
        for (int i = 0; i < 10; i++) {
            assertThat(Integer.parseInt(tell("write abcdefgh"))).isLessThanOrEqualTo(8);
        }
    }
}
