package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Client;
import org.relayfs.testing.MavenProject;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// An application of Spring Boot that knows nothing of relayfs, with the file that `docs/recipes.md` has.
@MountTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class SpringBootIT {
    private static final Path SOURCES = Path.of("src/test/spring").toAbsolutePath();
    private static final Pattern XML = Pattern.compile("```xml\n(<configuration>.*?)```", Pattern.DOTALL);
    private static final String SHOWN = "shown: ";

    @TempDir
    private Path folder;

    /// {@return the jars of Spring Boot}
    private String springJars() throws Exception {
        Path file = folder.resolve("class-path");
        MavenProject.build(
                SOURCES.resolve("pom.xml"),
                "Spring Boot",
                "-DincludeScope=runtime",
                "-Dmdep.outputFile=" + file,
                "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath");
        return Files.readString(file).strip();
    }

    private static String ownClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> element.endsWith("/classes") || element.contains("jctools"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path application(String jars) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("application"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        jars,
                        "-d",
                        classes.toString(),
                        SOURCES.resolve("ShopApplication.java").toString());
        assertThat(result).isZero();
        return classes;
    }

    @Test
    void allThatTheConsoleShowsIsInTheChannel() throws Exception {
        String jars = springJars();
        Path classes = application(jars);
        Matcher xml = XML.matcher(Files.readString(Path.of("docs/recipes.md")));
        assertThat(xml.find()).isTrue();
        Files.writeString(classes.resolve("logback-spring.xml"), xml.group(1));
        try (TestMount mount = TestMount.open()) {
            assertThatAllIsLogged(
                    mount,
                    "-cp",
                    String.join(File.pathSeparator, classes.toString(), jars, ownClassPath()),
                    "shop.ShopApplication");
        }
    }

    /// Nothing is added to the application.
    @Test
    void theAgentNeedsNoRecipe() throws Exception {
        String jars = springJars();
        try (TestMount mount = TestMount.open()) {
            assertThatAllIsLogged(
                    mount,
                    "-javaagent:" + Path.of("target/relayfs-agent.jar").toAbsolutePath() + "=path="
                            + mount.file("shop"),
                    "-cp",
                    String.join(File.pathSeparator, application(jars).toString(), jars),
                    "shop.ShopApplication");
        }
    }

    private static void assertThatAllIsLogged(TestMount mount, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "RELAYFS_CHANNEL=" + mount.file("shop"),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC"));
        command.addAll(List.of(words));
        command.add("--logging.pattern.console=" + SHOWN + "%msg%n");
        command.add("--spring.main.banner-mode=off");
        List<String> shown;
        try (Client application = Client.start(command)) {
            application.awaitSuccess();
            shown = application
                    .output()
                    .lines()
                    .filter(line -> line.startsWith(SHOWN))
                    .map(line -> line.substring(SHOWN.length()))
                    .toList();
        }
        List<String> logged = new ArrayList<>();
        for (String line : Tool.run("report", "--json", "--observe", mount.path(), "shop")
                .lines()
                .toList()) {
            JsonNode event = new ObjectMapper().readTree(line);
            logged.add(event.get("Attributes").get("message").asText());
        }
        assertThat(shown).contains("the shop is open");
        assertThat(shown.getFirst()).startsWith("Starting ShopApplication");
        assertThat(logged).isEqualTo(shown);
    }
}
