package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.relayfs.buffer.BufferStats;
import org.relayfs.buffer.SwitchPolicy;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.Geometry;

/// Traces of the kernel's relay step by step, with its inner state too: what reserve gives, the offset, the slot, the
/// read offset and the padding table. Each runs with the built-in mode and with a client that decides the same.
class RelayTracesTest {
    private static final Pattern GEOMETRY =
            Pattern.compile("= S=(\\d+), N=(\\d+), mode=(\\S+) .*?(?:, header reserve (\\d+))?");
    private static final Pattern STEP = Pattern.compile("(?:! )?(\\w+)[( ]?(\\d*)\\)?(?: \\(`.*`\\))?");

    private record Trace(String name, int size, int count, boolean overwrite, int header, List<String> steps) {}

    @TestFactory
    Stream<DynamicTest> everyStepLeavesTheStateThatTheKernelLeaves() throws IOException {
        TestBuffers memory = new TestBuffers(64, 4);
        return traces().stream()
                .flatMap(trace -> Stream.of(true, false)
                        .filter(client -> client || trace.header == 0)
                        .map(client -> DynamicTest.dynamicTest(
                                trace.name + (client ? ", decided by a client" : ""),
                                () -> replay(memory, trace, client))));
    }

    private static List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        String name = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                RelayTracesTest.class.getResourceAsStream("traces.txt"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher geometry = GEOMETRY.matcher(line);
                if (line.startsWith("#")) {
                    name = line.substring(2);
                } else if (geometry.matches()) {
                    traces.add(new Trace(
                            name,
                            Integer.parseInt(geometry.group(1)),
                            Integer.parseInt(geometry.group(2)),
                            geometry.group(3).equals("overwrite"),
                            geometry.group(4) == null ? 0 : Integer.parseInt(geometry.group(4)),
                            new ArrayList<>()));
                } else if (!line.isBlank()) {
                    traces.getLast().steps.add(line);
                }
            }
        }
        assertThat(traces).hasSize(22);
        return traces;
    }

    private static void replay(TestBuffers memory, Trace trace, boolean client) {
        SwitchPolicy policy = start -> {
            start.reserveHeader(trace.header);
            return trace.overwrite || !start.isFull();
        };
        RingBuffer buffer = memory.create(
                new Geometry(trace.size, trace.count, 0),
                trace.overwrite,
                client ? policy : null,
                TestBuffers.NEVER_NS);
        int letters = 0;
        for (String line : trace.steps) {
            String[] cells = line.split(" \\| ", -1);
            Matcher step = STEP.matcher(cells[0].strip());
            assertThat(step.matches()).as(line).isTrue();
            int n = step.group(2).isEmpty() ? 0 : Integer.parseInt(step.group(2));
            String result = "";
            switch (step.group(1)) {
                case "open" -> {}
                case "write" -> {
                    buffer.write(MemorySegment.ofArray(letters(letters, n)), 0, n);
                    letters += n;
                }
                case "read" -> result = read(buffer, n);
                case "reserve" -> result = reserve(buffer, n);
                case "flush" -> buffer.flush();
                case "relay_reset" -> buffer.reset();
                case "subbufs_consumed" -> buffer.subBuffersConsumed(n);
                default -> throw new AssertionError(line);
            }
            cells[0] = "";
            cells[5] = cells[5].replace(" (S+1)", "");
            List<String> expected = Stream.of(cells).map(String::strip).toList();
            assertThat(state(buffer, trace.count, result)).as(line).isEqualTo(expected);
        }
    }

    private static List<String> state(RingBuffer buffer, int count, String result) {
        Geometry geometry = buffer.ring.geometry;
        BufferStats stats = buffer.stats();
        return List.of(
                "",
                result,
                "" + buffer.produced(),
                "" + buffer.consumed(),
                "" + BufferHeader.wordOpaque(buffer.ring.region, BufferHeader.READ_OFFSET_OFFSET),
                "" + geometry.offset(buffer.ring.reserve()),
                "" + geometry.index(buffer.ring.reserve()),
                IntStream.range(0, count)
                        .mapToObj(slot -> "" + buffer.paddingBytes(slot))
                        .collect(Collectors.joining(",")),
                "" + buffer.fileSize(),
                "" + stats.full(),
                "" + stats.big(),
                buffer.isReadable() ? "IN" : "0");
    }

    private static byte[] letters(int from, int length) {
        byte[] record = new byte[length];
        for (int i = 0; i < length; i++) {
            record[i] = (byte) ('a' + (from + i) % 26);
        }
        return record;
    }

    private static String reserve(RingBuffer buffer, int length) {
        RingReservation reservation = new RingReservation();
        if (buffer.reserve(reservation, length) < 0) {
            return "NULL";
        }
        reservation.commit();
        return "slot";
    }

    private static String read(RingBuffer buffer, int length) {
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        int read = buffer.read(target, 0, length);
        String text = new String(target.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
        return read == 0 ? "0" : read + ": `" + text.replace('\0', '·') + "`";
    }
}
