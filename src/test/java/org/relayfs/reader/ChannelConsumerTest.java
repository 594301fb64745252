package org.relayfs.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.Reservation;
import org.relayfs.buffer.WriteResult;
import org.relayfs.testing.Text;

/// Consumers of a channel in the same process.
@Timeout(60)
class ChannelConsumerTest {
    private static final ChannelConfig CONFIG = ChannelConfig.of(64, 4).withGlobal(true);

    private final Relay relay = Relay.create();
    private final RelayChannel channel = relay.open("app", CONFIG);
    private final ChannelBuffer buffer = channel.buffers().getFirst();

    ChannelConsumerTest() throws IOException {}

    @AfterEach
    void close() {
        relay.close();
    }

    private ChannelConsumer consumer() throws IOException {
        return ChannelConsumer.of(channel.folder(), channel::buffers);
    }

    private static String take(ChannelConsumer consumer) throws IOException {
        StringBuilder text = new StringBuilder();
        consumer.buffers().getFirst().take((pieces, count, total) -> {
            for (int i = 0; i < count; i++) {
                text.append(new String(pieces[i].toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1));
            }
            return true;
        });
        return text.toString();
    }

    private void fill(String... subBuffers) {
        for (String text : subBuffers) {
            assertThat(channel.write(bytes(text))).isEqualTo(text.length());
            channel.flush();
        }
    }

    @Test
    void whatIsTakenIsGivenBackToTheWriters() throws Exception {
        fill("one", "two");
        assertThat(channel.write(new byte[64])).isEqualTo(64);
        assertThat(channel.write(bytes("last"))).isEqualTo(4);
        channel.flush();
        assertThat(channel.write(bytes("too much"))).isEqualTo(WriteResult.FULL);
        try (ChannelConsumer consumer = consumer()) {
            assertThat(take(consumer)).isEqualTo("one");
            assertThat(buffer.consumed()).isEqualTo(1);
            assertThat(channel.write(bytes("room"))).isEqualTo(4);
            assertThat(take(consumer)).isEqualTo("two");
            assertThat(take(consumer)).hasSize(64);
            assertThat(take(consumer)).isEqualTo("last");
            // It may still grow.
            assertThat(take(consumer)).isEmpty();
            assertThat(consumer.await(0, TimeUnit.SECONDS)).isFalse();
            channel.flush();
            assertThat(take(consumer)).isEqualTo("room");
            assertThat(buffer.stats().bytesRead()).isEqualTo(3 + 3 + 64 + 4 + 4);
            assertThat(buffer.stats().consumed()).isEqualTo(buffer.stats().produced());
        }
    }

    @Test
    void whatIsKeptIsConsumedWhenItIsGivenBack() throws Exception {
        fill("one", "two", "three");
        long first;
        try (ChannelConsumer consumer = consumer()) {
            ConsumedBuffer consumed = consumer.buffers().getFirst();
            assertThat(consumed.keep((pieces, count, total) -> true)).isEqualTo(3);
            first = consumed.position();
            assertThat(consumed.keep((pieces, count, total) -> true)).isEqualTo(3);
            assertThat(consumed.position()).isEqualTo(first + 1);
            assertThat(consumed.isPart() || consumed.isContinued()).isFalse();
            assertThat(buffer.consumed()).isZero();
            assertThat(consumed.hasOpenRecords()).isFalse();
            channel.write(bytes("open"));
            assertThat(consumed.hasOpenRecords()).isTrue();
        }
        try (ChannelConsumer consumer = consumer()) {
            ConsumedBuffer consumed = consumer.buffers().getFirst();
            assertThat(consumer.folder().startsWith(channel.folder())).isTrue();
            assertThat(consumed.keep((pieces, count, total) -> true)).isEqualTo(3);
            assertThat(consumed.position()).isEqualTo(first);
            consumed.giveBack();
            assertThat(buffer.consumed()).isEqualTo(1);
            assertThat(consumed.stats().consumed()).isEqualTo(1);
            assertThat(take(consumer)).isEqualTo("two");
            assertThat(take(consumer)).isEqualTo("three");
            channel.close();
            assertThat(take(consumer)).isEqualTo("open");
        }
    }

    @Test
    void whatASinkRefusesIsNotConsumed() throws Exception {
        fill("one", "two");
        try (ChannelConsumer consumer = consumer()) {
            ConsumedBuffer consumed = consumer.buffers().getFirst();
            assertThat(consumed.take((pieces, count, total) -> false)).isZero();
            assertThatThrownBy(() -> consumed.take((pieces, count, total) -> {
                        throw new IOException("no room");
                    }))
                    .hasMessage("no room");
            assertThat(buffer.consumed()).isZero();
            assertThat(take(consumer)).isEqualTo("one");
        }
    }

    @Test
    void thereIsOneAtATime() throws Exception {
        fill("one", "two");
        try (ChannelConsumer consumer = consumer()) {
            assertThat(take(consumer)).isEqualTo("one");
            assertThatThrownBy(this::consumer)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another consumer has it");
        }
        try (ChannelConsumer consumer = consumer()) {
            assertThat(take(consumer)).isEqualTo("two");
        }
    }

    @Test
    void itGoesOnWhereAReadHasEnded() throws Exception {
        fill("one", "two");
        assertThat(buffer.read(MemorySegment.ofArray(new byte[2]), 0, 2)).isEqualTo(2);
        try (ChannelConsumer consumer = consumer()) {
            assertThat(take(consumer)).isEqualTo("e");
            assertThat(take(consumer)).isEqualTo("two");
        }
        fill("three");
        assertThat(buffer.read(MemorySegment.ofArray(new byte[9]), 0, 9)).isEqualTo(5);
        assertThat(buffer.stats().bytesRead()).isEqualTo(11);
    }

    @Test
    void theEndOfTheChannelGivesWhatIsInTheOpenSubBuffer() throws Exception {
        try (ChannelConsumer consumer = consumer()) {
            channel.write(bytes("open"));
            assertThat(consumer.await(0, TimeUnit.SECONDS)).isFalse();
            channel.close();
            assertThat(consumer.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(take(consumer)).isEqualTo("open");
            assertThat(take(consumer)).isEmpty();
            assertThat(consumer.state()).isEqualTo(ReaderState.CLOSED);
        }
    }

    @Test
    void aResetMeanwhileThrowsAway() throws Exception {
        fill("one", "two");
        try (ChannelConsumer consumer = consumer()) {
            assertThat(take(consumer)).isEqualTo("one");
            channel.reset();
            assertThat(take(consumer)).isEmpty();
            fill("new");
            assertThat(take(consumer)).isEqualTo("new");
            assertThat(buffer.consumed()).isEqualTo(1);
        }
    }

    @Test
    void aChannelThatOverwritesIsRefused() throws Exception {
        RelayChannel other = relay.open("other", CONFIG.withMode(ChannelMode.OVERWRITE));
        assertThatThrownBy(() -> ChannelConsumer.of(other.folder(), other::buffers))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("overwrites");
    }

    /// `DocumentedExamplesIT` compiles and runs that one.
    @Test
    void theExampleOfTheJavadocIsThatOfTheDocument() throws IOException {
        String javadoc = Files.readString(Path.of("src/main/java/org/relayfs/reader/ChannelConsumer.java"));
        String example = javadoc.substring(javadoc.indexOf("/// ```java\n") + 12, javadoc.indexOf("/// ```\n"));
        assertThat(Files.readString(Path.of("docs/examples.md"))).contains(example.replace("/// ", "    "));
    }

    @Test
    void whatWasGivenUpIsNotCountedAsRead() throws Exception {
        for (boolean inPlace : new boolean[] {true, false}) {
            Reservation given = channel.newReservation();
            assertThat(channel.write(bytes("before "))).isEqualTo(7);
            assertThat(channel.reserve(given, 20)).isEqualTo(20);
            assertThat(channel.write(bytes("after"))).isEqualTo(5);
            given.abort();
            channel.flush();
            if (inPlace) {
                try (ChannelConsumer consumer = consumer()) {
                    assertThat(take(consumer)).isEqualTo("before after");
                }
            } else {
                channel.subBuffersConsumed(0, 1);
            }
        }
        assertThat(buffer.stats().abandonedBytes()).isEqualTo(40);
        assertThat(buffer.stats().bytesWritten()).isEqualTo(24);
        assertThat(buffer.stats().bytesRead()).isEqualTo(24);
        assertThat(buffer.hasData()).isFalse();
    }

    /// The channel is resized between the look at its memory and the look at its buffers: with the new buffer told of
    /// what was taken from the old one, records would be gone that nobody has read.
    @Test
    void aResizeMeanwhileTakesNoUnreadRecords() throws Exception {
        fill("old");
        boolean[] resized = {false};
        try (ChannelConsumer consumer = ChannelConsumer.of(channel.folder(), () -> {
            if (!resized[0]) {
                resized[0] = true;
                resize();
                fill("new", "newer");
            }
            return channel.buffers();
        })) {
            StringBuilder all = new StringBuilder(Text.read(buffer)).append(' ');
            for (String next = take(consumer); !next.isEmpty(); next = take(consumer)) {
                all.append(next).append(' ');
            }
            assertThat(all.toString()).isEqualTo("old new newer ");
        }
    }

    private void resize() {
        try {
            channel.resize(128, 4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
