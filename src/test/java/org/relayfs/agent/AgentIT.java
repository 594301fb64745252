package org.relayfs.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Programs that know nothing of relayfs, with the agent. Their class paths have neither relayfs nor
/// what it needs.
@MountTest
@Timeout(120)
class AgentIT {
    private static final Path AGENT = Path.of("target/relayfs-agent.jar").toAbsolutePath();
    private static final String CLASS = HookedProgram.class.getName().replace('.', '/');

    @TempDir
    private Path folder;

    private List<String> program(String kind, String... options) throws Exception {
        try (var classes = Files.list(Path.of("target/test-classes", CLASS).getParent())) {
            for (Path file : classes.filter(file -> file.toString().contains("HookedProgram"))
                    .toList()) {
                Path copy = folder.resolve(CLASS).resolveSibling(file.getFileName());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        String framework = kind.equals("log4j") ? "log4j-" : kind.equals("output") ? "none" : "slf4j-api";
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> element.contains(framework)
                        || (framework.equals("slf4j-api") && element.contains("logback-core")))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                String.join(File.pathSeparator, folder.toString(), path, System.getProperty("logback.jar")),
                HookedProgram.class.getName(),
                kind));
        return command;
    }

    private Client start(TestMount mount, String kind, String settings) throws Exception {
        return Client.start(program(
                kind,
                "--enable-native-access=ALL-UNNAMED",
                "-javaagent:" + AGENT + "=path=" + mount.file("shop") + settings));
    }

    private static List<JsonNode> events(TestMount mount) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Tool.run("report", "--json", "--observe", mount.file("shop"))
                .lines()
                .toList()) {
            // Client reads bytes as characters.
            events.add(new ObjectMapper().readTree(line.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return events;
    }

    private static List<String> texts(TestMount mount, String... fields) throws Exception {
        return events(mount).stream()
                .map(event -> event.get("EventName").asText() + " "
                        + Arrays.stream(fields)
                                .map(field -> event.get("Attributes").get(field).asText())
                                .collect(Collectors.joining("|")))
                .toList();
    }

    /// Also after the framework was configured anew, which drops the appenders.
    @ParameterizedTest
    @CsvSource({
        "jul, info, INFO, hooked java.util.logging",
        "logback, info, INFO, hooked Logback; java.util.logging is left to it",
        "log4j, error, ERROR, hooked Log4j; java.util.logging is left to it"
    })
    void whatIsLoggedIsInTheChannel(String framework, String type, String level, String said) throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = start(mount, framework, "")) {
            program.awaitSuccess();
            assertThat(texts(mount, "message", "logger", "level", "thread_name"))
                    .containsExactly(
                            "log." + type + " first|shop|" + level + "|main",
                            "log." + type + " second|shop|" + level + "|main");
            assertThat(program.errors()).contains("relayfs agent: " + said).doesNotContain("WARNING");
        }
    }

    @Test
    void systemLoggersLogByJul() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = start(mount, "system", "")) {
            program.awaitSuccess();
            assertThat(texts(mount, "message")).containsExactly("log.info first", "log.warn second");
        }
    }

    @Test
    void whatNobodyCatchesIsLoggedAndShownAsBefore() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = start(mount, "dies", "")) {
            assertThat(program.awaitEnd()).isEqualTo(1);
            assertThat(texts(mount, "message", "thread_name", "throwable", "throwable_message"))
                    .containsExactly("log.error uncaught exception|main|java.lang.IllegalStateException|no stock");
            assertThat(program.errors())
                    .contains("Exception in thread \"main\" java.lang.IllegalStateException: no stock\n\tat ");
        }
    }

    @Test
    void whatIsPrintedIsLoggedAndPrinted() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = start(mount, "output", ",output=on,exceptions=off")) {
            program.awaitSuccess();
            assertThat(texts(mount, "logger", "message"))
                    .containsSubsequence("log.info System.out|first \u20ac", "log.info System.err|second");
            assertThat(new String(program.outputBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("first \u20ac\n");
            assertThat(program.errors()).endsWith("second\n");
        }
    }

    /// The program ends when it wants to, and its last events are there.
    @Test
    void jfrIsRecordedToTheEnd() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = start(mount, "jfr", ",jfr=default,subbufSize=1M")) {
            program.awaitSuccess();
            assertThat(events(mount).stream()
                            .map(event -> event.get("EventName").asText())
                            .filter("shop.Sale"::equals))
                    .hasSize(3);
            assertThat(program.errors()).contains("JFR default");
        }
    }

    /// A program that runs already, attached to as `jcmd` does.
    @Test
    void aProgramThatRunsIsHooked() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = Client.start(program("waits", "--enable-native-access=ALL-UNNAMED"))) {
            program.awaitLine("ready");
            Client.shell(
                    "$1/bin/jcmd $2 JVMTI.agent_load $3 \\\"path=$4\\\"",
                    System.getProperty("java.home"),
                    program.pid(),
                    AGENT,
                    mount.file("shop"));
            program.input().write('\n');
            program.input().close();
            program.awaitSuccess();
            assertThat(texts(mount, "message")).containsExactly("log.info third");
        }
    }

    /// Without the flag, the JDK's own warning is all there is.
    @Test
    void withoutTheFlagTheWarningIsTheJdks() throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = Client.start(program("jul", "-javaagent:" + AGENT + "=path=" + mount.file("shop")))) {
            program.awaitSuccess();
            assertThat(program.errors().lines().filter(line -> line.startsWith("WARNING")))
                    .hasSize(4)
                    .anyMatch(line -> line.contains("restricted method"));
            assertThat(texts(mount, "message")).hasSize(2);
        }
    }

    /// What is mistyped is found before the program runs.
    @ParameterizedTest
    @ValueSource(strings = {"paht=/mnt/relay/app", "path=/mnt/relay/app,nSubbufs=0", "path=/mnt/relay/app,jul=yes"})
    void aSettingThatIsNoneEndsTheStart(String settings) throws Exception {
        try (Client program = Client.start(program("jul", "-javaagent:" + AGENT + "=" + settings))) {
            assertThat(program.awaitEnd()).isEqualTo(1);
            assertThat(program.errors())
                    .startsWith("relayfs agent: ")
                    .contains("limit=")
                    .doesNotContain("first");
        }
    }

    @Test
    void withoutTheMountTheProgramRuns() throws Exception {
        try (Client program = Client.start(program(
                "jul",
                "--enable-native-access=ALL-UNNAMED",
                "-javaagent:" + AGENT + "=path=" + folder.resolve("none/shop")))) {
            program.awaitSuccess();
            assertThat(program.errors()).contains("relayfs agent: nothing is hooked: ", "INFO: first");
        }
    }
}
