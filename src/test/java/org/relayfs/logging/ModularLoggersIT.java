package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Modular programs that know nothing of relayfs: all jars are modules, ours is added on the command line.
@MountTest
@Timeout(120)
final class ModularLoggersIT {
    private static final Path PROGRAMS = Path.of("src/test/module");

    @TempDir
    private Path folder;

    private static String modules(String framework) {
        List<String> names = new ArrayList<>(List.of("slf4j-api", "jctools-core"));
        if (framework.equals("log4j")) {
            names.addAll(List.of("log4j-api", "log4j-core"));
        }
        if (framework.equals("logback")) {
            names.add("logback-core");
        }
        Stream<String> jars = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> names.stream()
                        .anyMatch(name -> new File(element).getName().startsWith(name)));
        Stream<String> more = framework.equals("logback")
                ? Stream.of(System.getProperty("relayfs.library"), System.getProperty("logback.jar"))
                : Stream.of(System.getProperty("relayfs.library"));
        return String.join(File.pathSeparator, Stream.concat(jars, more).toList());
    }

    private Path compile(String framework) {
        Path classes = folder.resolve("classes");
        Path sources = PROGRAMS.resolve(framework);
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        "-p",
                        modules(framework),
                        sources.resolve("module-info.java").toString(),
                        sources.resolve("program/Main.java").toString());
        assertThat(result).isZero();
        return classes;
    }

    @ParameterizedTest
    @CsvSource({
        "logback, xml, logback.configurationFile",
        "log4j, xml, log4j2.configurationFile",
        "jul, properties, java.util.logging.config.file"
    })
    void anAppenderIsFoundInItsModule(String framework, String kind, String property) throws Exception {
        Path classes = compile(framework);
        try (TestMount mount = TestMount.open()) {
            Path file = folder.resolve("logging." + kind);
            Files.writeString(file, LoggingPrograms.configuration(framework, "path=" + mount.file("shop")));
            try (Client program = Client.start(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=org.relayfs",
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-D" + property + "=" + file,
                    "-p",
                    modules(framework) + File.pathSeparator + classes,
                    "--add-modules",
                    "org.relayfs",
                    "-m",
                    "app/program.Main")) {
                program.awaitSuccess();
                assertThat(program.errors()).doesNotContain("WARN", "Exception");
            }
            String events = Tool.run("report", "--json", "--observe", mount.file("shop"));
            assertThat(events.lines()).hasSize(1);
            assertThat(new ObjectMapper()
                            .readTree(events)
                            .get("Attributes")
                            .get("message")
                            .asText())
                    .isEqualTo("from app");
        }
    }
}
