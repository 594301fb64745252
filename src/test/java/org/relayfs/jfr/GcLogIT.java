package org.relayfs.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;

/// The log of a JVM written into a channel by the JVM itself, beside what JFR says of the same pauses.
@MountTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class GcLogIT {
    private static final Pattern PAUSE = Pattern.compile(
            "\\[(\\d+)ms]\\[gc.*?] GC\\((\\d+)\\) Pause Full \\(System\\.gc\\(\\)\\) .* ([0-9.]+)ms\\s*");
    private static final double MILLISECOND = 1e6;

    @TempDir
    private Path folder;

    /// Of one pause, nanoseconds since 1970.
    private record Span(double from, double to) {
        boolean overlaps(Span other) {
            // The log says its times in milliseconds.
            return from < other.to + MILLISECOND && other.from < to + MILLISECOND;
        }
    }

    private final Map<Integer, Span> logged = new HashMap<>();
    private final Map<Integer, Span> recorded = new HashMap<>();

    @Test
    void thePausesOfTheLogAreThoseOfJfrOnOneTimeLine() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.relay().open("gc", ChannelConfig.of(65_536, 8).withEvents(true));
            mount.relay().open("jfr", ChannelConfig.of(65_536, 8).withEvents(true));
            try (Client program = Client.startJava(
                    GcProgram.class,
                    "-Xlog:gc*:file=" + mount.file("gc/write") + ":timemillis,tags:filecount=0",
                    "--",
                    mount.file("jfr"))) {
                program.awaitSuccess();
            }
            Tool.run("snapshot", mount.path(), "gc", "-o", folder.resolve("gc"));
            Tool.run("snapshot", mount.path(), "jfr", "-o", folder.resolve("jfr"));
        }
        long before = 0;
        for (String line : Tool.run("report", "--json", folder.resolve("gc"), folder.resolve("jfr"))
                .lines()
                .toList()) {
            JsonNode event = new ObjectMapper().readTree(line);
            long time = event.get("Timestamp").asLong();
            assertThat(time).as(line).isGreaterThanOrEqualTo(before);
            before = time;
            take(event, time);
        }
        assertThat(logged).hasSize(GcProgram.COLLECTIONS);
        logged.forEach((number, pause) -> assertThat(recorded.get(number).overlaps(pause))
                .as("collection %d: log %s, JFR %s", number, pause, recorded.get(number))
                .isTrue());
    }

    private void take(JsonNode event, long time) {
        JsonNode fields = event.get("Attributes");
        Matcher pause = PAUSE.matcher(event.path("Body").asText());
        if (event.get("EventName").asText().equals("jdk.GarbageCollection")) {
            double from = fields.get("startTime").asDouble();
            recorded.put(
                    fields.get("gcId").asInt(),
                    new Span(from, from + fields.get("duration").asDouble()));
        } else if (pause.matches()) {
            double to = Double.parseDouble(pause.group(1)) * MILLISECOND;
            assertThat((double) time).as("written after the end").isGreaterThanOrEqualTo(to);
            logged.put(
                    Integer.parseInt(pause.group(2)),
                    new Span(to - Double.parseDouble(pause.group(3)) * MILLISECOND, to));
        }
    }
}
