package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Cpus;

/// The client's callbacks: when, in which order, with what, and what happens when they refuse or throw.
class CallbacksTest {
    private Relay relay;

    @BeforeEach
    void make() throws IOException {
        relay = Relay.create(Long.MAX_VALUE, new Cpus(List.of(0, 1, 4), 8));
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private static final class Client implements ChannelCallbacks {
        final List<String> calls = new ArrayList<>();
        Predicate<SubBufferStart> decision = start -> !start.isFull();
        Predicate<String> refusesFile = name -> false;
        Consumer<String> onRemove = name -> {};

        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            calls.add("start");
            return decision.test(start);
        }

        @Override
        public String onCreateBufferFile(String name, ChannelBuffer buffer) {
            calls.add("create " + name);
            return refusesFile.test(name) ? null : "my-" + name;
        }

        @Override
        public void onRemoveBufferFile(String name, ChannelBuffer buffer) {
            calls.add("remove " + name);
            onRemove.accept(name);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String read(ChannelBuffer buffer) {
        MemorySegment target = MemorySegment.ofArray(new byte[10_000]);
        int read = buffer.read(target, 0, 10_000);
        return new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    private final Client client = new Client();

    private RelayChannel open(int size, int count) throws IOException {
        return relay.open("app", ChannelConfig.of(size, count).withCallbacks(client));
    }

    private ChannelBuffer openGlobal(int size, int count) throws IOException {
        return relay.open("app", ChannelConfig.of(size, count).withGlobal(true).withCallbacks(client))
                .buffers()
                .getFirst();
    }

    @Test
    void eachBufferIsStartedAndThenGetsItsFile() throws IOException {
        RelayChannel channel = open(64, 4);
        assertThat(client.calls)
                .containsExactly("start", "create cpu0", "start", "create cpu1", "start", "create cpu4");
        assertThat(channel.buffers()).extracting(channel::fileName).containsExactly("my-cpu0", "my-cpu1", "my-cpu4");
        client.calls.clear();
        channel.writeTo(6, MemorySegment.ofArray(bytes("late")), 0, 4);
        assertThat(client.calls).containsExactly("start", "create cpu6");
        client.calls.clear();
        channel.close();
        assertThat(client.calls)
                .containsExactlyInAnyOrder("remove my-cpu0", "remove my-cpu1", "remove my-cpu4", "remove my-cpu6");
    }

    @Test
    void anUnnamedChannelAsksWithoutANameAndAgainWhenItIsPublished() throws IOException {
        RelayChannel channel =
                relay.openUnnamed(ChannelConfig.of(64, 4).withGlobal(true).withCallbacks(client));
        assertThat(client.calls).containsExactly("start", "create null");
        client.calls.clear();
        client.refusesFile = name -> true;
        assertThatThrownBy(() -> channel.publish("app"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused");
        assertThat(channel.name()).isNull();
        client.refusesFile = name -> false;
        channel.publish("app");
        assertThat(client.calls).containsExactly("create cpu0", "create cpu0");
        assertThat(channel.fileName(channel.buffers().getFirst())).isEqualTo("my-cpu0");
    }

    @Test
    void whoRefusesAFileRefusesTheChannelAndIsToldOfThoseMadeBefore() throws IOException {
        client.refusesFile = name -> name.equals("cpu4");
        assertThatThrownBy(() -> open(64, 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused the file of CPU 4");
        assertThat(client.calls).contains("remove my-cpu0", "remove my-cpu1").doesNotContain("remove my-cpu4");
        assertNothingIsLeft();
        client.refusesFile = name -> false;
        assertThat(open(64, 4).buffers()).hasSize(3);
    }

    @Test
    void anExceptionAtCreationReachesTheCallerAndLeavesNothing() throws IOException {
        client.decision = start -> {
            throw new IllegalStateException("mine");
        };
        assertThatThrownBy(() -> open(64, 4)).hasMessage("mine");
        client.decision = start -> true;
        client.refusesFile = name -> {
            throw new IllegalStateException("mine too");
        };
        assertThatThrownBy(() -> open(64, 4)).hasMessage("mine too");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (var files = Files.list(relay.folder())) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("doorbell");
        }
        assertThat(relay.channels()).isEmpty();
    }

    @Test
    void aLateBufferThatIsRefusedIsAskedForOnce() throws IOException {
        RelayChannel channel = open(64, 4);
        client.refusesFile = name -> true;
        client.calls.clear();
        for (int i = 0; i < 100; i++) {
            assertThat(channel.writeTo(6, MemorySegment.ofArray(bytes("x")), 0, 1))
                    .isEqualTo(1);
            client.decision = start -> true;
        }
        assertThat(client.calls).filteredOn(call -> call.startsWith("create")).hasSize(1);
        assertThat(channel.buffers()).hasSize(3);
        assertThat(Files.exists(channel.folder().resolve("cpu6"))).isFalse();
        assertThat(channel.stats().getFirst().records()).isEqualTo(100);
    }

    @Test
    void removalReachesEveryFileWhateverTheClientDoes() throws IOException {
        RelayChannel channel = open(64, 4);
        client.calls.clear();
        client.onRemove = name -> {
            throw new IllegalStateException(name);
        };
        assertThatThrownBy(channel::close)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
        assertThat(client.calls).hasSize(3);
        assertThat(relay.channels()).isEmpty();
        assertNothingIsLeft();
        client.onRemove = name -> {};
        assertThat(open(64, 4).isClosed()).isFalse();
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
                                    : (char) start.previousSubBuffer().get(ValueLayout.JAVA_BYTE, 0)));
            return !start.isFull();
        };
        ChannelBuffer buffer = openGlobal(8, 2);
        RelayChannel channel = relay.channel("app").orElseThrow();
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
                start.previousSubBuffer().set(ValueLayout.JAVA_BYTE, 0, (byte) ('0' + start.previousPadding()));
            }
            start.reserveHeader(1).fill((byte) '?');
            return true;
        };
        ChannelBuffer buffer = openGlobal(8, 4);
        RelayChannel channel = relay.channel("app").orElseThrow();
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
        ChannelBuffer buffer = openGlobal(8, 4);
        RelayChannel channel = relay.channel("app").orElseThrow();
        channel.write(bytes("abc"));
        assertThat(channel.write(bytes("7654321"))).isEqualTo(WriteResult.TOO_BIG);
        channel.write(bytes("def"));
        assertThat(read(buffer)).isEqualTo("hhabchhdef");
        assertThat(buffer.stats().big()).isEqualTo(1);
    }

    @Test
    void anExceptionIsARefusalAndTheBufferStaysUsable() throws IOException {
        ChannelBuffer buffer = openGlobal(8, 2);
        RelayChannel channel = relay.channel("app").orElseThrow();
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
    void aRecordWrittenFromTheCallbackIsRefusedAsFull() throws IOException {
        List<Integer> results = new ArrayList<>();
        client.decision = start -> {
            if (start.previousSubBuffer() != null) {
                results.add(start.buffer().write(MemorySegment.ofArray(bytes("inner")), 0, 5));
                start.buffer().flush();
            }
            return true;
        };
        ChannelBuffer buffer = openGlobal(8, 4);
        RelayChannel channel = relay.channel("app").orElseThrow();
        channel.write(bytes("aaaaa"));
        channel.write(bytes("bbbbb"));
        assertThat(results).containsExactly(WriteResult.FULL);
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
        ChannelBuffer buffer = openGlobal(8, 3);
        RelayChannel channel = relay.channel("app").orElseThrow();
        for (char c = 'a'; c < 'h'; c++) {
            assertThat(channel.write(bytes(String.valueOf(c).repeat(8)))).isEqualTo(8);
        }
        assertThat(read(buffer)).isEqualTo("eeeeeeeeffffffffgggggggg");
    }

    @Test
    void attachingToAChannelWithCallbacksIsRefused() throws IOException {
        RelayChannel channel = open(64, 4);
        assertThatThrownBy(() -> AttachedChannel.attach(channel.folder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("only the owner can write");
    }
}
