package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Programs that know nothing of relayfs log into a channel of a mount, by one element of their framework's own
/// configuration.
@MountTest
@Timeout(120)
class LoggingProgramsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static List<JsonNode> events(TestMount mount, String channel) throws Exception {
        String lines = Tool.run("report", "--json", "--observe", mount.file(channel));
        return lines.lines().map(LoggingProgramsIT::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            // Client reads bytes as characters.
            return JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (Exception e) {
            throw new AssertionError(line, e);
        }
    }

    private static String shown(JsonNode event) {
        return event.get("EventName").asText() + " "
                + LogTypes.of(org.relayfs.event.Level.INFO).fields().stream()
                        .map(field -> field.name())
                        .filter(name -> !name.equals("thread_id") && !name.equals("stack"))
                        .map(name -> event.get("Attributes").get(name).asText())
                        .collect(Collectors.joining("|"));
    }

    /// All frameworks say the same; JUL has neither context nor markers.
    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul", "system"})
    void eachFrameworkLogsByItsOwnConfiguration(String framework) throws Exception {
        boolean isJul = !framework.startsWith("log");
        String context = isJul ? "" : "{\"user\":\"J\u00fcrgen \\\"J\\\"\"}";
        try (TestMount mount = TestMount.open();
                Client program = LoggingPrograms.start(
                        folder,
                        LoggingProgram.class,
                        framework,
                        List.of("path=" + mount.file("a/shop"), "subbufSize=64K", "nSubbufs=4"))) {
            String thread = program.awaitLine("done ").substring("done ".length());
            assertThat(mount.sh("cat a/shop/format a/shop/subbuf_size a/shop/n_subbufs"))
                    .isEqualTo("events\n65536\n4");
            List<JsonNode> events = events(mount, "a/shop");
            assertThat(events.stream().map(LoggingProgramsIT::shown))
                    .containsExactly(
                            "log.info order 42 of \u20ac 7|shop.Orders|INFO|worker-1|" + context + "|"
                                    + (isJul ? "" : "AUDIT") + "||",
                            "log.warn failed|shop.Orders|" + (isJul ? "WARNING" : "WARN")
                                    + "|worker-1|||java.lang.IllegalStateException|no stock");
            JsonNode attributes = events.get(1).get("Attributes");
            assertThat(attributes.get("thread_id").asText()).isEqualTo(thread);
            assertThat(attributes.get("stack").asText())
                    .startsWith("java.lang.IllegalStateException: no stock\n\tat org.relayfs.logging.LoggingProgram.")
                    .contains("\nCaused by: java.lang.RuntimeException: cause\n");
            program.input().close();
            program.awaitSuccess();
            assertThat(program.errors()).isEmpty();
        }
    }

    /// The framework says why, the program runs.
    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul"})
    void aSettingThatIsNoneIsToldByTheFrameworkAndNothingIsLogged(String framework) throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = LoggingPrograms.start(
                        folder,
                        LoggingProgram.class,
                        framework,
                        List.of("path=" + mount.file("shop"), "nSubbufs=many"))) {
            program.awaitLine("done");
            program.input().close();
            program.awaitSuccess();
            assertThat(program.output() + program.errors())
                    .contains("nSubbufs: value=\"many\", limit=1 to 524288; write a decimal number");
            assertThat(mount.sh("ls")).doesNotContain("shop");
        }
    }

    @Test
    void aChannelOfRecordsIsRefusedWithTheRemedy() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create shop > control");
            try (Client program = LoggingPrograms.start(
                    folder, LoggingProgram.class, "logback", List.of("path=" + mount.file("shop")))) {
                program.awaitLine("done");
                program.input().close();
                program.awaitSuccess();
                assertThat(program.output() + program.errors()).contains("create it with format=events");
            }
        }
    }
}
