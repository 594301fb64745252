package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;
import org.relayfs.testing.Tool;

/// A program that is killed while 8 threads log: what a call had logged when it returned is recovered, whole and in
/// order. `-Drelayfs.loggers.rounds=20` for more rounds of each framework, which live longer and have room for a
/// million messages.
@Timeout(1800)
class KilledLoggersIT {
    private static final int ROUNDS = Integer.getInteger("relayfs.loggers.rounds", 1);
    private static final boolean IS_LONG = ROUNDS > 1;
    // Of each thread.
    private static final int MESSAGES = 1_000_000 / LoggingThreads.THREADS;
    private static final int LONGEST_LIFE_MS = IS_LONG ? 3000 : 300;
    // Of 32 KiB.
    private static final String SUB_BUFFERS = IS_LONG ? "16384" : "64";
    private static final Pattern MESSAGE = Pattern.compile("message (\\d) (\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j", "jul"})
    void everyCallThatHasReturnedIsRecoveredInOrderAndWhole(String framework) throws Exception {
        SplittableRandom random = new SplittableRandom();
        for (int round = 0; round < ROUNDS; round++) {
            Path folder = Files.createDirectory(temp.resolve("round" + round));
            int lifeMs = random.nextInt(LONGEST_LIFE_MS);
            assertSurvives(framework, folder, lifeMs);
        }
    }

    private static void assertSurvives(String framework, Path folder, int lifeMs) throws Exception {
        Path returned = folder.resolve("returned");
        List<String> settings =
                List.of("channel=app", "subbufSize=32K", "nSubbufs=" + SUB_BUFFERS, "whenFull=block(30s)");
        try (Client program = LoggingPrograms.start(
                folder, LoggingThreads.class, framework, settings, returned.toString(), Integer.toString(MESSAGES))) {
            Path memory = Path.of(program.awaitLine("folder ").substring("folder ".length()));
            try {
                Thread.sleep(lifeMs);
                program.signal("KILL").awaitEnd();
                Path trace = recover(memory, folder.resolve("out"));
                int[] found = found(trace, framework);
                ByteBuffer counts = ByteBuffer.wrap(Files.readAllBytes(returned));
                for (int thread = 0; thread < LoggingThreads.THREADS; thread++) {
                    // The call in which it was killed may be there or not.
                    assertThat(found[thread] - counts.getInt(thread * Integer.BYTES))
                            .as("%s: thread %d after %d ms: found=%d", framework, thread, lifeMs, found[thread])
                            .isBetween(0, 1);
                }
                assertBabeltraceAgrees(trace, found);
                System.out.printf(
                        "%s, killed after %d ms: %d messages%n",
                        framework, lifeMs, IntStream.of(found).sum());
            } finally {
                Client.shell("rm -r \"$1\"", memory);
            }
        }
    }

    private static Path recover(Path memory, Path out) throws Exception {
        String ignored = Tool.run("recover", memory, "-o", out);
        try (Stream<Path> channels = Files.list(out.resolve(memory.getFileName()))) {
            return channels.filter(path -> path.getFileName().toString().startsWith("app"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// {@return how many messages there are of each thread}
    private static int[] found(Path trace, String framework) throws Exception {
        int[] next = new int[LoggingThreads.THREADS];
        Path report = trace.resolveSibling("report");
        Client.shell("\"$1\" report --json \"$2\" >\"$3\"", Tool.LAUNCHER, trace, report);
        try (Stream<String> lines = Files.lines(report)) {
            lines.forEach(line -> take(line, framework, next));
        }
        return next;
    }

    private static void take(String line, String framework, int[] next) {
        JsonNode fields;
        try {
            fields = JSON.readTree(line).get("Attributes");
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
        Matcher message =
                fields.has("message") ? MESSAGE.matcher(fields.get("message").asText()) : null;
        if (message != null && message.matches()) {
            int thread = Integer.parseInt(message.group(1));
            int number = Integer.parseInt(message.group(2));
            assertThat(number).as("order of thread %d", thread).isEqualTo(next[thread]++);
            assertIsWhole(fields, thread, number, framework);
        }
    }

    private static void assertIsWhole(JsonNode fields, int thread, int number, String framework) {
        assertThat(fields.get("logger").asText()).isEqualTo(LoggingThreads.class.getName());
        assertThat(fields.get("thread_name").asText()).isEqualTo("worker-" + thread);
        assertThat(fields.get("context").asText())
                .isEqualTo(framework.equals("jul") ? "" : "{\"thread\":\"" + thread + "\"}");
        if (number % LoggingThreads.THROWABLE_EVERY == 0) {
            assertThat(fields.get("throwable").asText()).isEqualTo("java.lang.IllegalStateException");
            assertThat(fields.get("throwable_message").asText()).isEqualTo("at " + number);
            assertThat(fields.get("stack").asText())
                    .contains("LoggingThreads.log(")
                    .endsWith("\n");
        } else {
            assertThat(fields.get("stack").asText()).isEmpty();
        }
    }

    private static void assertBabeltraceAgrees(Path trace, int[] found) throws Exception {
        if (Client.shell("command -v babeltrace2 || true").isEmpty()) {
            return; // the report has been compared
        }
        long all = 1; // the one before the threads began
        for (int count : found) {
            all += count;
        }
        assertThat(Babeltrace.of(trace).count("log.info")).isEqualTo(all);
    }
}
