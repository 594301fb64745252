package org.relayfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;
import static org.relayfs.testing.Text.read;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.buffer.WriteResult;

/// When relay's callbacks run, what they are told and what they decide.
class CallbackRulesTest {
    private static final int S = 8;

    private Relay relay;

    @BeforeEach
    void create() throws IOException {
        relay = RelayWithCpus.create(List.of(0, 3), 6);
    }

    @AfterEach
    void close() {
        relay.close();
    }

    /// Writes down every call; decides by default as relay does.
    private static final class Client implements ChannelCallbacks {
        final List<String> calls = new ArrayList<>();
        Predicate<SubBufferStart> decision = start -> !start.isFull();

        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            MemorySegment previous = start.previousSubBuffer();
            String filled = previous == null
                    ? "none"
                    : new String(previous.toArray(JAVA_BYTE), StandardCharsets.US_ASCII).replace('\0', '.');
            calls.add("start P=" + start.buffer().produced() + " previous=" + filled + " padding="
                    + start.previousPadding() + (start.isFull() ? " full" : ""));
            return decision.test(start);
        }

        List<String> take() {
            List<String> taken = List.copyOf(calls);
            calls.clear();
            return taken;
        }
    }

    private final Client client = new Client();

    private RelayChannel openGlobal() throws IOException {
        return openGlobal(2);
    }

    private RelayChannel openGlobal(int count) throws IOException {
        return relay.open("app", ChannelConfig.of(S, count).withGlobal(true).withCallbacks(client));
    }

    @Test
    void theStartOfEverySubBufferIsAskedFor() throws IOException {
        client.decision = start -> false;
        try (RelayChannel channel = openGlobal()) {
            assertThat(client.take())
                    .as("the answer at creation does not count")
                    .containsExactly("start P=0 previous=none padding=0");
            assertThat(channel.write(bytes("abc"))).isEqualTo(3);
            client.decision = start -> !start.isFull();
            channel.write(bytes("defghi"));
            assertThat(client.take()).containsExactly("start P=0 previous=abc..... padding=5");
            channel.write(bytes("x"));
            channel.flush();
            assertThat(client.take()).containsExactly("start P=1 previous=defghix. padding=1 full");
            assertThat(channel.write(bytes("lost"))).isEqualTo(WriteResult.FULL);
            assertThat(client.take())
                    .as("again, with what it was told before")
                    .containsExactly("start P=2 previous=defghix. padding=1 full");
            channel.subBuffersConsumed(0, 1);
            assertThat(channel.write(bytes("again"))).isEqualTo(5);
            assertThat(client.take()).containsExactly("start P=2 previous=defghix. padding=1");
            channel.reset();
            assertThat(client.take()).containsExactly("start P=0 previous=none padding=0");
        }
    }

    @Test
    void aRefusalSuspendsTheBufferUntilTheClientAgrees() throws IOException {
        try (RelayChannel channel = openGlobal()) {
            channel.write(bytes("12345678"));
            client.decision = start -> false;
            assertThat(channel.write(bytes("a"))).isEqualTo(WriteResult.FULL);
            assertThat(channel.write(bytes("b"))).isEqualTo(WriteResult.FULL);
            client.decision = start -> !start.isFull();
            assertThat(channel.write(bytes("c"))).isOne();
            assertThat(channel.buffers().getFirst().produced()).isOne();
        }
    }

    @Test
    void aHeaderIsReservedInEverySubBufferAndCountsAsPayload() throws IOException {
        client.decision = start -> {
            start.reserveHeader(2).fill((byte) '#');
            return true;
        };
        try (RelayChannel channel = openGlobal()) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            assertThat(channel.write(bytes("1234567"))).isEqualTo(WriteResult.TOO_BIG);
            assertThat(channel.write(bytes("123456"))).isEqualTo(6);
            channel.flush();
            assertThat(buffer.fileSize()).isEqualTo(2 + 8);
            assertThat(read(buffer)).isEqualTo("####123456##".substring(2));
        }
    }

    @Test
    void aHeaderThatLeavesNoRoomIsRefused() throws IOException {
        client.decision = start -> {
            assertThatIllegalArgumentException().isThrownBy(() -> start.reserveHeader(S - 1));
            assertThatIllegalArgumentException().isThrownBy(() -> start.reserveHeader(-1));
            assertThat(start.reserveHeader(S - 2).byteSize()).isEqualTo(S - 2);
            return true;
        };
        try (RelayChannel channel = openGlobal()) {
            assertThat(channel.write(bytes("12"))).isEqualTo(2);
        }
    }

    @Test
    void eachAttemptAsksOnceAndIsToldWhatRelayTells() throws IOException {
        List<String> told = new ArrayList<>();
        client.decision = start -> {
            told.add("padding=%d full=%s previous=%s"
                    .formatted(
                            start.previousPadding(),
                            start.isFull(),
                            start.previousSubBuffer() == null
                                    ? null
                                    : (char) start.previousSubBuffer().get(JAVA_BYTE, 0)));
            return !start.isFull();
        };
        RelayChannel channel = openGlobal(2);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("aaaaa"));
        channel.write(bytes("bbbbbb"));
        assertThat(channel.write(bytes("cccc"))).isEqualTo(WriteResult.FULL);
        assertThat(channel.write(bytes("dddd"))).isEqualTo(WriteResult.FULL);
        channel.flush();
        assertThat(read(buffer)).isEqualTo("aaaaabbbbbb");
        assertThat(channel.write(bytes("eeee"))).isEqualTo(4);
        assertThat(told)
                .containsExactly(
                        "padding=0 full=false previous=null",
                        "padding=3 full=false previous=a",
                        "padding=2 full=true previous=b",
                        "padding=2 full=true previous=b",
                        "padding=2 full=true previous=b",
                        "padding=2 full=false previous=b");
        assertThat(buffer.stats().full()).isEqualTo(3);
        assertThat(buffer.stats().lostBytes()).isEqualTo(8);
        assertThat(read(buffer)).isEqualTo("eeee");
    }

    @Test
    void thePreviousSubBufferIsDeliveredAfterTheCallAndItsHeaderCanBeWritten() throws IOException {
        List<Long> produced = new ArrayList<>();
        client.decision = start -> {
            produced.add(start.buffer().produced());
            if (start.previousSubBuffer() != null) {
                start.previousSubBuffer().set(JAVA_BYTE, 0, (byte) ('0' + start.previousPadding()));
            }
            start.reserveHeader(1).fill((byte) '?');
            return true;
        };
        RelayChannel channel = openGlobal(4);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("aaaa"));
        channel.write(bytes("bbbbb"));
        channel.flush();
        assertThat(read(buffer)).isEqualTo("3aaaa2bbbbb?");
        assertThat(produced).containsExactly(0L, 0L, 1L);
    }

    @Test
    void theLastReservedHeaderWinsAndItsLengthIsChecked() throws IOException {
        client.decision = start -> {
            start.reserveHeader(5).fill((byte) 'x');
            assertThatThrownBy(() -> start.reserveHeader(7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit=0..6");
            assertThatThrownBy(() -> start.reserveHeader(-1)).isInstanceOf(IllegalArgumentException.class);
            start.reserveHeader(2).fill((byte) 'h');
            return true;
        };
        RelayChannel channel = openGlobal(4);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("abc"));
        assertThat(channel.write(bytes("7654321"))).isEqualTo(WriteResult.TOO_BIG);
        channel.write(bytes("def"));
        assertThat(read(buffer)).isEqualTo("hhabchhdef");
        assertThat(buffer.stats().big()).isEqualTo(1);
    }

    @Test
    void anExceptionIsARefusalAndTheBufferStaysUsable() throws IOException {
        RelayChannel channel = openGlobal(2);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("aaaaa"));
        client.decision = start -> {
            throw new IllegalStateException("mine");
        };
        assertThatThrownBy(() -> channel.write(bytes("bbbbb"))).hasMessage("mine");
        assertThatThrownBy(channel::flush).hasMessage("mine");
        assertThat(buffer.produced()).isEqualTo(1);
        assertThat(read(buffer)).isEqualTo("aaaaa");
        assertThatThrownBy(channel::reset).hasMessage("mine");
        assertThat(buffer.produced()).isZero();
        assertThat(buffer.consumed()).isZero();
        client.decision = start -> true;
        assertThat(channel.write(bytes("ccccc"))).isEqualTo(5);
        assertThat(channel.write(bytes("ddddd"))).isEqualTo(5);
        assertThat(read(buffer)).isEqualTo("cccccddddd");
        assertThat(buffer.stats().records()).isEqualTo(2);
        assertThat(buffer.stats().skipped()).isZero();
    }

    @Test
    void aClientThatWritesToItsOwnBufferIsRefused() throws IOException {
        List<Integer> results = new ArrayList<>();
        client.decision = start -> {
            if (start.previousSubBuffer() != null) {
                results.add(start.buffer().write(MemorySegment.ofArray(bytes("inner")), 0, 5));
                results.add(start.buffer().write(MemorySegment.ofArray(bytes("too large")), 0, 9));
                start.buffer().flush();
            }
            return true;
        };
        RelayChannel channel = openGlobal(4);
        ChannelBuffer buffer = channel.buffers().getFirst();
        channel.write(bytes("aaaaa"));
        channel.write(bytes("bbbbb"));
        assertThat(results).containsExactly(WriteResult.FULL, WriteResult.TOO_BIG);
        assertThat(read(buffer)).isEqualTo("aaaaabbbbb");
        channel.write(bytes("c"));
        assertThat(read(buffer)).isEqualTo("c");
    }

    @Test
    void subBuffersMayBeReleasedFromTheCallback() throws IOException {
        client.decision = start -> {
            if (start.isFull()) {
                start.buffer().subBuffersConsumed(1);
            }
            return true;
        };
        RelayChannel channel = openGlobal(3);
        ChannelBuffer buffer = channel.buffers().getFirst();
        for (char c = 'a'; c < 'h'; c++) {
            assertThat(channel.write(bytes(String.valueOf(c).repeat(8)))).isEqualTo(8);
        }
        assertThat(read(buffer)).isEqualTo("eeeeeeeeffffffffgggggggg");
    }
}
