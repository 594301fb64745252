package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// Frameworks that are configured anew while threads log.
@MountTest
@Timeout(120)
final class ReconfiguredLoggersIT {
    private static final String TIMES = "20";
    private static final Pattern MESSAGE = Pattern.compile("message (\\d) (\\d+)");

    @TempDir
    private Path folder;

    /// Log4j loses nothing. Logback and java.util.logging have no appender for moments, so numbers are missing, but
    /// none is out of order, and the last ones are there.
    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul"})
    void threadsLogOnAndNothingIsLeftBehind(String framework) throws Exception {
        try (TestMount mount = TestMount.open();
                Client program = LoggingPrograms.start(
                        folder,
                        ReconfiguredProgram.class,
                        framework,
                        List.of("path=" + mount.file("shop"), "subbufSize=256K", "nSubbufs=32"),
                        TIMES)) {
            program.awaitSuccess();
            assertThat(program.errors()).isEmpty();
            Matcher resources =
                    Pattern.compile("resources (\\d+) (\\d+) (\\d+) (\\d+)").matcher(program.output());
            assertThat(resources.find()).as(program::output).isTrue();
            assertThat(resources.group(1)).isNotEqualTo("0").isEqualTo(resources.group(3));
            assertThat(resources.group(2)).isEqualTo(resources.group(4));
            int[] last = {-1, -1, -1, -1};
            for (String line : Tool.run("report", "--json", "--observe", mount.file("shop"))
                    .lines()
                    .toList()) {
                JsonNode event = new ObjectMapper().readTree(line);
                Matcher message =
                        MESSAGE.matcher(event.get("Attributes").get("message").asText());
                assertThat(message.matches()).as(line).isTrue();
                int thread = Integer.parseInt(message.group(1));
                int number = Integer.parseInt(message.group(2));
                if (framework.equals("log4j")) {
                    assertThat(number).isEqualTo(last[thread] + 1);
                } else {
                    assertThat(number).isGreaterThan(last[thread]);
                }
                last[thread] = number;
            }
            for (int thread = 0; thread < last.length; thread++) {
                assertThat(program.output()).contains("thread " + thread + " " + (last[thread] + 1) + "\n");
            }
        }
    }
}
