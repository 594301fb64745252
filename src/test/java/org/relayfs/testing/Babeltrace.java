package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What babeltrace2, which is not ours, finds in a trace. It refuses one that is not whole.
///
/// @param events         in its order, which is that of time
/// @param lostEvents     that the trace says were discarded, as far as their number is known
/// @param lostPackets    that are missing
public record Babeltrace(List<Event> events, long lostEvents, long lostPackets) {
    private static final Pattern EVENT =
            Pattern.compile("\\[(\\d+)] (?:\\S+ )?(\\S+): (?:\\{ (\\d+) }, )?\\{ (\\d+), (\\d+) }, \\{ (.*) }");
    private static final long PATIENCE_S = 60;
    private static final int NO_CPU = -1;
    private static final Pattern LOST = Pattern.compile("discarded (\\d+) (events?|packets?) ");

    /// One event.
    ///
    /// @param cpu     of its packet; -1 where there are none
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
        List<Event> events = new ArrayList<>();
        Babeltrace losses = scan(folder, PATIENCE_S, events::add);
        return new Babeltrace(List.copyOf(events), losses.lostEvents, losses.lostPackets);
    }

    /// Reads a trace that may be larger than memory.
    ///
    /// @param folder    of the trace
    /// @param patienceS seconds that babeltrace2 may take
    /// @param each      takes each event
    /// @return what was lost, without the events
    public static Babeltrace scan(Path folder, long patienceS, Consumer<Event> each) throws Exception {
        Path text = folder.resolveSibling(folder.getFileName() + ".text");
        String script = "babeltrace2 --clock-cycles --no-delta --names none \"$1\" >\"$2\" 2>\"$2.errors\""
                + " || echo failed with $? >>\"$2.errors\"; cat \"$2.errors\" >>\"$2\"; rm \"$2.errors\"";
        Map<String, Long> lost = new HashMap<>(Map.of("e", 0L, "p", 0L));
        try (Client shell = Client.start("sh", "-c", script, "sh", folder.toString(), text.toString())) {
            shell.awaitSuccess(patienceS);
            long time = Long.MIN_VALUE;
            // Texts may hold bytes that are no characters.
            try (BufferedReader lines = Files.newBufferedReader(text, StandardCharsets.ISO_8859_1)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Matcher event = EVENT.matcher(line);
                    if (event.matches()) {
                        Event read = event(event);
                        assertThat(read.time()).isGreaterThanOrEqualTo(time);
                        time = read.time();
                        each.accept(read);
                    } else {
                        addLoss(folder, line, lost);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(text);
        }
        return new Babeltrace(List.of(), lost.get("e"), lost.get("p"));
    }

    private static Event event(Matcher line) {
        return new Event(
                Long.parseLong(line.group(1)),
                line.group(2),
                line.group(3) == null ? NO_CPU : Integer.parseInt(line.group(3)),
                Long.parseLong(line.group(5)),
                line.group(6));
    }

    private static void addLoss(Path folder, String line, Map<String, Long> lost) {
        Matcher loss = LOST.matcher(line);
        if (loss.find()) {
            lost.merge(loss.group(2).substring(0, 1), Long.parseLong(loss.group(1)), Long::sum);
        } else {
            assertThat(line).as(folder::toString).startsWith("WARNING: Tracer may have discarded");
        }
    }

    /// {@return how many events have a type}
    public long count(String type) {
        return events.stream().filter(event -> event.type().equals(type)).count();
    }
}
