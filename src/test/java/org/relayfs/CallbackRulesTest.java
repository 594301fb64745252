package org.relayfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
    private static class Client implements ChannelCallbacks {
        final List<String> calls = new ArrayList<>();
        boolean refuses;

        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            MemorySegment previous = start.previousSubBuffer();
            String filled = previous == null
                    ? "none"
                    : new String(previous.toArray(JAVA_BYTE), StandardCharsets.US_ASCII).replace('\0', '.');
            calls.add("start P=" + start.buffer().produced() + " previous=" + filled + " padding="
                    + start.previousPadding() + (start.isFull() ? " full" : ""));
            return !refuses && ChannelCallbacks.super.onSubBufferStart(start);
        }

        @Override
        public String onCreateBufferFile(String name, ChannelBuffer buffer) {
            calls.add("create " + name + " " + buffer.cpu());
            return "file" + buffer.cpu();
        }

        @Override
        public void onRemoveBufferFile(String name, ChannelBuffer buffer) {
            calls.add("remove " + name + " " + buffer.cpu());
        }

        List<String> take() {
            List<String> taken = List.copyOf(calls);
            calls.clear();
            return taken;
        }
    }

    private RelayChannel openGlobal(ChannelCallbacks client) throws IOException {
        return relay.open("app", ChannelConfig.of(S, 2).withGlobal(true).withCallbacks(client));
    }

    private static int write(RelayChannel channel, String text) {
        return channel.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void filesAreCreatedAndRemovedOnceForEachBuffer() throws IOException {
        Client client = new Client();
        RelayChannel channel = relay.open("trace", "app", S, 2, client, null);
        assertThat(client.take().stream().filter(call -> call.startsWith("create")))
                .containsExactly("create trace0 0", "create trace3 3");
        channel.writeTo(5, MemorySegment.ofArray(new byte[1]), 0, 1);
        assertThat(client.take()).contains("create trace5 5");
        assertThat(channel.buffers()).extracting(channel::fileName).containsExactly("file0", "file3", "file5");
        channel.close();
        channel.close();
        assertThat(client.take()).containsExactlyInAnyOrder("remove file0 0", "remove file3 3", "remove file5 5");
    }

    @Test
    void anUnnamedChannelsFilesHaveNoNameUntilItIsPublished() throws IOException {
        Client client = new Client();
        RelayChannel channel = relay.open(null, null, S, 2, client, null);
        assertThat(client.take()).contains("create null 0", "create null 3");
        channel.publish("app");
        assertThat(client.take()).containsExactlyInAnyOrder("create cpu0 0", "create cpu3 3");
        channel.close();
    }

    @Test
    void theStartOfEverySubBufferIsAskedFor() throws IOException {
        Client client = new Client();
        client.refuses = true;
        try (RelayChannel channel = openGlobal(client)) {
            assertThat(client.take())
                    .as("the answer at creation does not count")
                    .containsExactly("start P=0 previous=none padding=0", "create cpu0 0");
            assertThat(write(channel, "abc")).isEqualTo(3);
            client.refuses = false;
            write(channel, "defghi");
            assertThat(client.take()).containsExactly("start P=0 previous=abc..... padding=5");
            write(channel, "x");
            channel.flush();
            assertThat(client.take()).containsExactly("start P=1 previous=defghix. padding=1 full");
            assertThat(write(channel, "lost")).isEqualTo(WriteResult.FULL);
            assertThat(client.take())
                    .as("again, with what it was told before")
                    .containsExactly("start P=2 previous=defghix. padding=1 full");
            channel.subBuffersConsumed(0, 1);
            assertThat(write(channel, "again")).isEqualTo(5);
            assertThat(client.take()).containsExactly("start P=2 previous=defghix. padding=1");
            channel.reset();
            assertThat(client.take()).containsExactly("start P=0 previous=none padding=0");
        }
    }

    @Test
    void aRefusalSuspendsTheBufferUntilTheClientAgrees() throws IOException {
        Client client = new Client();
        try (RelayChannel channel = openGlobal(client)) {
            write(channel, "12345678");
            client.refuses = true;
            assertThat(write(channel, "a")).isEqualTo(WriteResult.FULL);
            assertThat(write(channel, "b")).isEqualTo(WriteResult.FULL);
            client.refuses = false;
            assertThat(write(channel, "c")).isOne();
            assertThat(channel.buffers().getFirst().produced()).isOne();
        }
    }

    @Test
    void aHeaderIsReservedInEverySubBufferAndCountsAsPayload() throws IOException {
        ChannelCallbacks client = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                start.reserveHeader(2).fill((byte) '#');
                return true;
            }
        };
        try (RelayChannel channel = openGlobal(client)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            assertThat(write(channel, "1234567")).isEqualTo(WriteResult.TOO_BIG);
            assertThat(write(channel, "123456")).isEqualTo(6);
            channel.flush();
            assertThat(buffer.fileSize()).isEqualTo(2 + 8);
            byte[] bytes = new byte[100];
            int length = buffer.read(MemorySegment.ofArray(bytes), 0, 100);
            assertThat(new String(bytes, 0, length, StandardCharsets.US_ASCII)).isEqualTo("####123456##".substring(2));
        }
    }

    @Test
    void aHeaderThatLeavesNoRoomIsRefused() throws IOException {
        ChannelCallbacks client = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                assertThatIllegalArgumentException().isThrownBy(() -> start.reserveHeader(S - 1));
                assertThatIllegalArgumentException().isThrownBy(() -> start.reserveHeader(-1));
                assertThat(start.reserveHeader(S - 2).byteSize()).isEqualTo(S - 2);
                return true;
            }
        };
        try (RelayChannel channel = openGlobal(client)) {
            assertThat(write(channel, "12")).isEqualTo(2);
        }
    }

    @Test
    void aClientThatWritesToItsOwnBufferIsRefused() throws IOException {
        List<Integer> results = new ArrayList<>();
        RelayChannel[] own = new RelayChannel[1];
        ChannelCallbacks client = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                if (own[0] != null) {
                    results.add(write(own[0], "from inside"));
                    results.add(write(own[0], "in"));
                }
                return true;
            }
        };
        try (RelayChannel channel = openGlobal(client)) {
            own[0] = channel;
            write(channel, "1234567");
            assertThat(write(channel, "89")).isEqualTo(2);
            assertThat(results).containsExactly(WriteResult.TOO_BIG, WriteResult.FULL);
        }
    }

    @Test
    void anExceptionReachesTheWriterAndTheChannelStaysUsable() throws IOException {
        Client client = new Client() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                if (refuses) {
                    throw new IllegalStateException("broken on purpose");
                }
                return super.onSubBufferStart(start);
            }
        };
        try (RelayChannel channel = openGlobal(client)) {
            write(channel, "12345678");
            client.refuses = true;
            assertThatThrownBy(() -> write(channel, "a")).hasMessage("broken on purpose");
            client.refuses = false;
            assertThat(write(channel, "b")).isOne();
            byte[] bytes = new byte[100];
            int length = channel.buffers().getFirst().read(MemorySegment.ofArray(bytes), 0, 100);
            assertThat(new String(bytes, 0, length, StandardCharsets.US_ASCII)).isEqualTo("12345678b");
        }
    }
}
