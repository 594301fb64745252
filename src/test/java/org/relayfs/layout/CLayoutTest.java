package org.relayfs.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.buffer.WriteResult;
import org.relayfs.linux.Cpus;

/// The numbers in `relayfs.h` against the program's.
class CLayoutTest {
    private static final Map<String, Class<?>> TABLES = Map.of(
            "CHANNEL", ChannelHeader.class,
            "BUFFER", BufferHeader.class,
            "ENTRY", InFlightTable.class,
            "SUB", SubBufferTable.class,
            "EVENT", EventLayout.class);

    private final String header;

    CLayoutTest() throws Exception {
        header = Files.readString(Path.of("src/main/c/relayfs.h"));
    }

    private Map<String, Long> numbers(String pattern) {
        Map<String, Long> numbers = new TreeMap<>();
        for (MatchResult match :
                Pattern.compile(pattern).matcher(header).results().toList()) {
            numbers.put(match.group(1), Long.decode(match.group(2)));
        }
        return numbers;
    }

    /// An offset if there is one of that name, another number otherwise.
    private static long value(Class<?> type, String name) throws ReflectiveOperationException {
        try {
            return ((Number) type.getField(name + "_OFFSET").get(null)).longValue();
        } catch (NoSuchFieldException e) {
            return ((Number) type.getField(name).get(null)).longValue();
        }
    }

    @ParameterizedTest
    @CsvSource({"CHANNEL, 19", "BUFFER, 22", "ENTRY, 13", "SUB, 7", "EVENT, 2"})
    void thoseOfATable(String prefix, int atLeast) throws Exception {
        Map<String, Long> numbers = numbers("(?m)^    RLYFS_" + prefix + "_(\\w+) = (\\d+)");
        assertThat(numbers).hasSizeGreaterThanOrEqualTo(atLeast);
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            assertThat(number.getValue()).as(number.getKey()).isEqualTo(value(TABLES.get(prefix), number.getKey()));
        }
    }

    @Test
    void bitsAndLimits() {
        Map<String, Long> bits = numbers("#define RLYFS_(\\w+) \\(UINT64_C\\(1\\) << (\\d+)\\)");
        bits.replaceAll((name, bit) -> 1L << bit);
        assertThat(bits)
                .containsOnly(
                        Map.entry("MOVES", Extent.MOVES),
                        Map.entry("RETURNS", Extent.RETURNS),
                        Map.entry("FROM_START", Extent.FROM_START),
                        Map.entry("WORD_LIMIT", Geometry.RESERVE_WORD_LIMIT),
                        Map.entry("MAX_BUFFER_SIZE", Geometry.MAX_BUFFER_SIZE));
        assertThat(InFlightTable.NO_CLAIM).isEqualTo(Geometry.RESERVE_WORD_LIMIT);
        assertThat(InFlightTable.COUNTED).isEqualTo(Geometry.RESERVE_WORD_LIMIT);
        Map<String, Long> numbers = numbers("#define RLYFS_(\\w+) (?:UINT64_C\\()?((?:0x)?[0-9A-F]+)\\b");
        assertThat(1L << numbers.get("TOTAL_SHIFT")).isEqualTo(Extent.TOTAL_BIT);
        assertThat(1L << numbers.get("RECORD_SHIFT")).isEqualTo(Extent.RECORD_BIT);
        assertThat(numbers)
                .containsEntry("MAGIC", ChannelHeader.MAGIC)
                .containsEntry("MAX_SUB_BUFFERS", (long) Geometry.MAX_SUB_BUFFER_COUNT)
                .containsEntry("MAX_SLOTS", (long) Cpus.MAX_CPUS);
        assertThat(numbers("RLYFS_(LAYOUT_VERSION) = (\\d+)"))
                .containsEntry("LAYOUT_VERSION", ChannelHeader.LAYOUT_VERSION);
    }

    @Test
    void resultsOfWrites() throws Exception {
        Map<String, Long> results = numbers("(?m)^    RELAYFS_(\\w+) = (-\\d+)");
        assertThat(results).hasSize(WriteResult.class.getFields().length);
        for (Map.Entry<String, Long> result : results.entrySet()) {
            assertThat(result.getValue()).as(result.getKey()).isEqualTo(value(WriteResult.class, result.getKey()));
        }
    }
}
