package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What babeltrace2, which is not ours, finds in a trace. It refuses one that is not whole.
///
/// @param events         in its order, which is that of time
/// @param lostEvents     that the trace says were discarded, as far as their number is known
/// @param lostPackets    that are missing
public record Babeltrace(List<Event> events, long lostEvents, long lostPackets) {
    private static final Pattern EVENT =
            Pattern.compile("\\[(\\d+)] (?:\\S+ )?(\\S+): \\{ (\\d+) }, \\{ (\\d+), (\\d+) }, \\{ (.*) }");
    private static final Pattern LOST = Pattern.compile("discarded (\\d+) (events?|packets?) ");

    /// One event.
    ///
    /// @param cpu     of its packet
    /// @param payload the values of its fields
    public record Event(long time, String type, int cpu, long thread, String payload) {}

    /// Skips a test of streams without packets where babeltrace2 cannot read any: 2.1.1, which Debian 13 has, ends by
    /// an assertion of its own.
    public static void assumeReadsRawStreams() throws Exception {
        assumeFalse(
                Client.shell("babeltrace2 --version").startsWith("Babeltrace 2.1."),
                "babeltrace2 2.1 cannot read streams without packets");
    }

    /// Reads a trace.
    ///
    /// @param folder of the trace
    /// @return what is in it
    public static Babeltrace of(Path folder) throws Exception {
        String output = Client.shell(
                "babeltrace2 --clock-cycles --no-delta --names none \"$1\" 2>\"$1.errors\" || echo failed with $?;"
                        + " cat \"$1.errors\"; rm \"$1.errors\"",
                folder);
        List<Event> events = new ArrayList<>();
        Map<String, Long> lost = new HashMap<>(Map.of("e", 0L, "p", 0L));
        for (String line : output.lines().toList()) {
            Matcher event = EVENT.matcher(line);
            Matcher loss = LOST.matcher(line);
            if (event.matches()) {
                events.add(new Event(
                        Long.parseLong(event.group(1)),
                        event.group(2),
                        Integer.parseInt(event.group(3)),
                        Long.parseLong(event.group(5)),
                        event.group(6)));
            } else if (loss.find()) {
                lost.merge(loss.group(2).substring(0, 1), Long.parseLong(loss.group(1)), Long::sum);
            } else {
                assertThat(line).as(folder::toString).startsWith("WARNING: Tracer may have discarded");
            }
        }
        assertThat(events).isSortedAccordingTo((one, other) -> Long.compare(one.time(), other.time()));
        return new Babeltrace(List.copyOf(events), lost.get("e"), lost.get("p"));
    }

    /// {@return how many events have a type}
    public long count(String type) {
        return events.stream().filter(event -> event.type().equals(type)).count();
    }
}
