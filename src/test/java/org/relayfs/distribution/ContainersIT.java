package org.relayfs.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.logging.LoggingProgram;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Tool;

/// The files of `docs/recipes`, run without an engine: namespaces stand for containers.
@MountTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ContainersIT {
    private static final Path RECIPES = Path.of("docs/recipes");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] LOGGED = {"order 42 of \u20ac 7", "failed"};

    @TempDir
    private Path folder;

    private static Client shop(ContainerNode node, ContainerFile file, String setting) throws Exception {
        node.write(
                "/opt/test/logback.xml",
                "<configuration><appender name=\"R\" class=\"org.relayfs.logging.logback.RelayfsAppender\">" + setting
                        + "</appender><root level=\"INFO\"><appender-ref ref=\"R\"/></root></configuration>");
        Client shop = node.start(
                file.containers().get("shop"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dlogback.configurationFile=/opt/test/logback.xml",
                "-cp",
                ContainerNode.classPath(),
                LoggingProgram.class.getName(),
                "logback");
        shop.awaitLine("done ");
        return shop;
    }

    private static List<String> messages(Path recordings) throws Exception {
        List<String> words = new ArrayList<>(List.of("report", "--json"));
        try (var files = Files.walk(recordings)) {
            files.filter(file -> file.endsWith("metadata"))
                    .sorted()
                    .forEach(file -> words.add(file.getParent().toString()));
        }
        List<String> messages = new ArrayList<>();
        for (String line : Tool.run(words.toArray()).lines().toList()) {
            JsonNode event = new ObjectMapper().readTree(line.getBytes(StandardCharsets.ISO_8859_1));
            messages.add(event.get("Attributes").get("message").asText());
        }
        return messages;
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    /// The sidecar that serves the mount is killed in between, and taken over by the next.
    @ParameterizedTest
    @ValueSource(strings = {"mount.yaml", "compose.yaml"})
    void aSidecarServesAndAnotherRecords(String name) throws Exception {
        ContainerFile file = ContainerFile.read(RECIPES.resolve(name));
        ContainerFile.Container relayfs = file.containers().get("relayfs");
        ContainerFile.Container recorder = file.containers().get("recorder");
        try (ContainerNode node = ContainerNode.open(folder)) {
            node.build(RECIPES.resolve("Dockerfile"));
            node.provide(file);
            for (int life = 0; life < 2; life++) {
                try (Client serving = node.start(relayfs)) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(ContainerNode.isReady(serving, relayfs))
                                    .as(serving::toString)
                                    .isTrue());
                    try (Client recording = node.start(recorder);
                            Client shop = shop(node, file, "<path>${RELAYFS_CHANNEL}</path>")) {
                        assertThat(shop.output() + shop.errors()).doesNotContain("ERROR");
                        int recordings = life + 1;
                        await().atMost(PATIENCE)
                                .untilAsserted(() -> assertThat(count(node.look("recordings")))
                                        .as(recording::toString)
                                        .isEqualTo(recordings));
                        if (life == 1) {
                            ContainerNode.end(recording);
                            ContainerNode.end(serving);
                        }
                    }
                }
            }
            assertThat(messages(node.look("recordings"))).containsExactly(LOGGED[0], LOGGED[1], LOGGED[0], LOGGED[1]);
        }
    }

    @Test
    void aSidecarSavesWhatAKilledApplicationLeaves() throws Exception {
        ContainerFile file = ContainerFile.read(RECIPES.resolve("recover.yaml"));
        try (ContainerNode node = ContainerNode.open(folder)) {
            node.build(RECIPES.resolve("Dockerfile"));
            node.provide(file);
            try (Client recovery = node.start(file.containers().get("recovery"))) {
                try (Client shop = shop(node, file, "<channel>shop</channel>")) {
                    assertThat(shop.output() + shop.errors()).doesNotContain("ERROR");
                }
                Path memory = node.look("shm");
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(count(memory)).as(recovery::toString).isZero());
                assertThat(messages(node.look("recordings"))).containsExactly(LOGGED);
                ContainerNode.end(recovery);
            }
        }
    }
}
