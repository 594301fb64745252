package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Client;

/// What a call of a framework allocates with our appender, in a process of its own. Its JVM analyses no escapes: what
/// the code allocates is allocated.
@Timeout(120)
final class AppenderAllocationIT {
    private static final String EXACT = "-XX:TieredStopAtLevel=1";

    @TempDir
    private Path folder;

    private static String nothing(String framework) {
        return switch (framework) {
            case "logback" ->
                "<configuration><appender name=\"N\" class=\"" + FormattingAppender.class.getName()
                        + "\"/><root level=\"INFO\"><appender-ref ref=\"N\"/></root></configuration>";
            case "log4j" ->
                "<Configuration><Appenders><CountingNoOp name=\"N\"/></Appenders>"
                        + "<Loggers><Root level=\"INFO\"><AppenderRef ref=\"N\"/></Root></Loggers></Configuration>";
            default -> "handlers=" + NothingHandler.class.getName() + "\n.level=INFO\n";
        };
    }

    /// As much as with an appender that asks for the parts of an event and does nothing with them.
    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul"})
    void ourPartAllocatesNothing(String framework) throws Exception {
        double itself = bytes(LoggingPrograms.startConfigured(
                folder, AllocationProgram.class, framework, nothing(framework), List.of(EXACT)));
        double all = bytes(LoggingPrograms.start(
                folder, AllocationProgram.class, framework, List.of("channel=app", "mode=overwrite"), List.of(EXACT)));
        assertThat(all).isEqualTo(itself);
    }

    /// With a clock whose moments are numbers: the other makes an object of each, unless the JIT does without.
    @Test
    void log4jWithoutGarbageStaysSo() throws Exception {
        double all = bytes(LoggingPrograms.start(
                folder,
                AllocationProgram.class,
                "log4j",
                List.of("channel=app", "mode=overwrite"),
                List.of(EXACT, "-Dlog4j2.clock=SystemMillisClock")));
        assertThat(all).isZero();
    }

    private static double bytes(Client started) throws Exception {
        try (Client program = started) {
            double bytes = Double.parseDouble(program.awaitLine("bytes ").substring("bytes ".length()));
            program.awaitSuccess();
            return bytes;
        }
    }
}
