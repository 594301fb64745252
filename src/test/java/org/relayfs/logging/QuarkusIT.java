package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jctools.queues.MpscArrayQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.MavenProject;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// An application of Quarkus with the class that `docs/recipes.md` has, built by Maven as its users do.
@MountTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class QuarkusIT {
    private static final Path SOURCES = Path.of("src/test/quarkus");
    private static final Pattern BEAN = Pattern.compile("```java\n(package shop;.*?)```", Pattern.DOTALL);
    private static final String SHOWN = "shown: ";

    @TempDir
    private Path folder;

    /// {@return the jar that starts the application}
    private Path application() throws Exception {
        try (var files = Files.walk(SOURCES)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(SOURCES.relativize(file).toString());
                if (!Files.isDirectory(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        Matcher bean = BEAN.matcher(Files.readString(Path.of("docs/recipes.md")));
        assertThat(bean.find()).isTrue();
        Files.writeString(folder.resolve("src/main/java/shop/RelayfsLog.java"), bean.group(1));
        MavenProject.build(
                folder.resolve("pom.xml"),
                "Quarkus",
                "-Drelayfs.jar=" + System.getProperty("relayfs.library"),
                "-Djctools.jar="
                        + Path.of(MpscArrayQueue.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()),
                "prepare-package");
        return folder.resolve("target/quarkus-app/quarkus-run.jar");
    }

    @Test
    void allThatTheConsoleShowsIsInTheChannel() throws Exception {
        Path jar = application();
        List<String> shown;
        List<String> logged = new ArrayList<>();
        try (TestMount mount = TestMount.open()) {
            try (Client application = Client.start(
                    "env",
                    "RELAYFS_CHANNEL=" + mount.file("shop"),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:-UsePerfData",
                    "-XX:+UseSerialGC",
                    "-Dquarkus.log.console.format=" + SHOWN + "%s%n",
                    "-Dquarkus.banner.enabled=false",
                    "-jar",
                    jar.toString())) {
                application.awaitSuccess();
                shown = application
                        .output()
                        .lines()
                        .filter(line -> line.startsWith(SHOWN))
                        .map(line -> line.substring(SHOWN.length()))
                        .toList();
            }
            for (String line : Tool.run("report", "--json", "--observe", mount.path(), "shop")
                    .lines()
                    .toList()) {
                JsonNode event = new ObjectMapper().readTree(line);
                logged.add(event.get("Attributes").get("message").asText());
            }
        }
        assertThat(shown).contains("the shop is open at 8", "out of milk");
        assertThat(shown.getFirst()).startsWith("shop 1 on JVM");
        assertThat(logged).isEqualTo(shown);
    }
}
