package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Every scenario of the kernel's conformance vectors, through the files of a mount alone: one process makes the
/// channels by `control`, logs by write(2), reads by read(2), and compares P, C, `st_size`, the loss counters
/// and poll's mask after every step. Only channels with a header are made here, because only a program can
/// reserve one of any length; those with one of 4 bytes are made by `control` as well, with a padding header in its
/// place.
@MountTest
final class VectorsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What the kernel delivers five times, see `VectorsTest`: once, and the scenario ends.
    private static final String DUPLICATED_BY_THE_KERNEL = "klmnopqrstuklmnopqrstuklmnopqrstuklmnopqrstuklmnopqr";

    private static final String DELIVERED_ONCE = "klmnopqrstu";

    @ParameterizedTest
    @CsvSource({"relay-7.3-read.jsonl.gz, 208", "relay-7.3-consumed.jsonl.gz, 82"})
    void theMountBehavesAsTheKernel(String file, int count) throws Exception {
        try (TestMount mount = TestMount.open(TestMount.likeTheKernel());
                Client client = Client.start("python3", Programs.python("replay_vectors"), mount.file(""))) {
            List<String> lines = prepare(file, mount.relay());
            assertThat(lines).hasSize(count);
            try (OutputStream input = client.input()) {
                input.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(client.awaitSuccess().output()).matches("scenarios " + count + " steps \\d+\n");
            assertThat(mount.relay().channels()).isEmpty();
        }
    }

    private static List<String> prepare(String file, Relay relay) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Relay.class.getResourceAsStream("vectors/" + file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                ObjectNode scenario = (ObjectNode) JSON.readTree(line);
                if (scenario.get("header").asInt() == Integer.BYTES) {
                    lines.add(scenario.deepCopy().put("setting", "padding4").toString());
                }
                if (scenario.get("header").asInt() > 0) {
                    String name = "vector" + lines.size();
                    openWithHeader(relay, name, scenario);
                    scenario.put("channel", name);
                }
                for (JsonNode step : scenario.get("steps")) {
                    if (step.path("data").asText().equals(DUPLICATED_BY_THE_KERNEL)) {
                        ((ObjectNode) step).put("instead", DELIVERED_ONCE);
                    }
                }
                lines.add(scenario.toString());
            }
        }
        return lines;
    }

    private static void openWithHeader(Relay relay, String name, JsonNode scenario) throws IOException {
        boolean overwrite = scenario.get("mode").asText().equals("overwrite");
        ChannelConfig config = ChannelConfig.of(
                        scenario.get("subbuf_size").asLong(),
                        scenario.get("n_subbufs").asInt())
                .withGlobal(true)
                .withCallbacks(new HeaderClient(scenario.get("header").asInt(), overwrite));
        relay.open(name, config);
    }

    /// Reserves a header of dots in every sub-buffer.
    private record HeaderClient(int length, boolean overwrite) implements ChannelCallbacks {
        @Override
        public boolean onSubBufferStart(SubBufferStart start) {
            start.reserveHeader(length).fill((byte) '.');
            return overwrite || !start.isFull();
        }
    }
}
