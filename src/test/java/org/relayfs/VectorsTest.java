package org.relayfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.SubBufferStart;

/// Every scenario of the kernel's conformance vectors, through the API: the state after every step of Linux 7.3's
/// relay.
class VectorsTest {
    // Step 27 of this one shows the kernel delivering a record five times (a sub-buffer read out, then an empty one):
    // the
    // deviation of docs/decisions/0001. It is replayed up to there and then must deliver the record once.
    private static final String DUPLICATED_BY_THE_KERNEL = "klmnopqrstuklmnopqrstuklmnopqrstuklmnopqrstuklmnopqr";

    @TestFactory
    Stream<DynamicTest> readersUsingRead() throws IOException {
        return scenarios("relay-7.3-read.jsonl.gz");
    }

    @TestFactory
    Stream<DynamicTest> readersUsingSubBuffersConsumed() throws IOException {
        return scenarios("relay-7.3-consumed.jsonl.gz");
    }

    private static Stream<DynamicTest> scenarios(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<DynamicTest> tests = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(VectorsTest.class.getResourceAsStream("vectors/" + file)),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode scenario = json.readTree(line);
                String name = "%d: S=%d N=%d %s header=%d"
                        .formatted(
                                tests.size() + 1,
                                scenario.get("subbuf_size").asLong(),
                                scenario.get("n_subbufs").asInt(),
                                scenario.get("mode").asText(),
                                scenario.get("header").asInt());
                tests.add(DynamicTest.dynamicTest(name, () -> replay(scenario, false)));
                if (scenario.get("header").asInt() == Integer.BYTES) {
                    tests.add(DynamicTest.dynamicTest(name + " built in", () -> replay(scenario, true)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(80);
        return tests.stream();
    }

    /// @param builtIn true: the channel has a padding header of the same length instead of a client that reserves it
    private static void replay(JsonNode scenario, boolean builtIn) throws IOException {
        ChannelConfig config = ChannelConfig.of(
                        scenario.get("subbuf_size").asLong(),
                        scenario.get("n_subbufs").asInt())
                .withGlobal(true);
        boolean overwrite = scenario.get("mode").asText().equals("overwrite");
        int header = scenario.get("header").asInt();
        if (header > 0 && !builtIn) {
            config = config.withCallbacks(new HeaderClient(header, overwrite));
        } else {
            config = config.withMode(overwrite ? ChannelMode.OVERWRITE : ChannelMode.NO_OVERWRITE)
                    .withPaddingHeader(header);
        }
        try (Relay relay = Relay.create();
                RelayChannel channel = relay.open("vector", config)) {
            ChannelBuffer buffer = channel.buffers().getFirst();
            long letters = 0;
            int number = 0;
            for (JsonNode step : scenario.get("steps")) {
                String read = null;
                int n = step.path("n").asInt();
                switch (step.get("op").asText()) {
                    case "write" -> {
                        channel.write(letters(letters, n));
                        letters += n;
                    }
                    case "read" -> read = read(buffer, n);
                    case "flush" -> channel.flush();
                    case "consumed" -> channel.subBuffersConsumed(0, n);
                    case "reset" -> channel.reset();
                    default -> throw new AssertionError(step.toString());
                }
                if (builtIn && read != null) {
                    read = withDots(read, step.get("data").asText());
                }
                if (step.path("data").asText().equals(DUPLICATED_BY_THE_KERNEL)) {
                    assertThat(read).isEqualTo("klmnopqrstu");
                    assertThat(read(buffer, n)).isEmpty();
                    return;
                }
                assertThat(state(buffer, read)).as("step %d %s", ++number, step).isEqualTo(expected(step));
            }
        }
    }

    /// Puts dots where the client's header would have them.
    private static String withDots(String read, String expected) {
        StringBuilder text = new StringBuilder(read);
        for (int i = 0; i < Math.min(read.length(), expected.length()); i++) {
            if (expected.charAt(i) == '.') {
                text.setCharAt(i, '.');
            }
        }
        return text.toString();
    }

    private static String expected(JsonNode step) {
        return "data=%s P=%d C=%d size=%d full=%d big=%d poll=%s"
                .formatted(
                        step.has("data") ? step.get("data").asText() : null,
                        step.get("P").asLong(),
                        step.get("C").asLong(),
                        step.get("size").asLong(),
                        step.get("full").asLong(),
                        step.get("big").asLong(),
                        step.get("poll").asText());
    }

    private static String state(ChannelBuffer buffer, String read) {
        BufferStats stats = buffer.stats();
        return "data=%s P=%d C=%d size=%d full=%d big=%d poll=%s"
                .formatted(
                        read,
                        buffer.produced(),
                        buffer.consumed(),
                        buffer.fileSize(),
                        stats.full(),
                        stats.big(),
                        buffer.isReadable() ? "IN" : "");
    }

    private static byte[] letters(long from, int count) {
        byte[] record = new byte[count];
        for (int i = 0; i < count; i++) {
            record[i] = (byte) ('a' + (from + i) % 26);
        }
        return record;
    }

    /// A client that reserves a header of dots in every sub-buffer.
    private record HeaderClient(int length, boolean overwrite) implements ChannelCallbacks {
        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            start.reserveHeader(length).fill((byte) '.');
            return overwrite || !start.isFull();
        }
    }
}
