package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
import org.relayfs.linux.Cpus;

/// The client's callbacks for files: when they are called, in which order, and what happens when they refuse or throw.
class CallbackFilesTest {
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

    private final Client client = new Client();

    private RelayChannel open(int size, int count) throws IOException {
        return relay.open("app", ChannelConfig.of(size, count).withCallbacks(client));
    }

    @Test
    void filesAreCreatedAndRemovedOnceForEachBuffer() throws IOException {
        RelayChannel channel = open(64, 4);
        assertThat(client.calls)
                .containsExactly("start", "create cpu0", "start", "create cpu1", "start", "create cpu4");
        assertThat(channel.buffers()).extracting(channel::fileName).containsExactly("my-cpu0", "my-cpu1", "my-cpu4");
        client.calls.clear();
        channel.writeTo(6, MemorySegment.ofArray(bytes("late")), 0, 4);
        assertThat(client.calls).containsExactly("start", "create cpu6");
        client.calls.clear();
        channel.close();
        channel.close();
        assertThat(client.calls)
                .containsExactlyInAnyOrder("remove my-cpu0", "remove my-cpu1", "remove my-cpu4", "remove my-cpu6");
    }

    @Test
    void anUnnamedChannelsFilesHaveNoNameUntilItIsPublished() throws IOException {
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
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("doorbell", "locks");
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
    void attachingToAChannelWithCallbacksIsRefused() throws IOException {
        RelayChannel channel = open(64, 4);
        assertThatThrownBy(() -> AttachedChannel.attach(channel.folder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("only its owner can write");
    }
}
