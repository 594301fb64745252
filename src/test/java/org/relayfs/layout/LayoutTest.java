package org.relayfs.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `docs/shared-memory.md` against the program: its tables are the test data.
class LayoutTest {
    private static final Path DOCUMENT = Path.of("docs/shared-memory.md");

    // The classes, and how many bytes the words of each may take.
    private static final Map<Class<?>, Integer> TABLES = Map.of(
            ChannelHeader.class, ChannelHeader.SIZE,
            BufferHeader.class, Integer.MAX_VALUE,
            InFlightTable.class, InFlightTable.STRIDE,
            SubBufferTable.class, SubBufferTable.STRIDE,
            EventLayout.class, EventLayout.SUB_BUFFER_SIZE,
            TypesFile.class, TypesFile.SIZE);

    private record Row(int offset, int bytes) {}

    @Test
    void everyOffsetIsTheOneInItsTable() throws IOException {
        assertThat(differences(Files.readAllLines(DOCUMENT))).isEmpty();
    }

    @Test
    void everyCellWithANumberCounts() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        int changed = 0;
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\\|", -1);
            for (int cell = 1; cell <= 3 && cells.length == 7 && cells[0].isEmpty(); cell++) {
                List<String> copy = new ArrayList<>(lines);
                String[] other = cells.clone();
                other[cell] = cells[cell].matches(" \\d+ ")
                        ? " " + (Integer.parseInt(cells[cell].strip()) + 8) + " "
                        : cells[cell].matches(" [A-Z_]+ ") ? " OTHER " : cells[cell];
                if (!other[cell].equals(cells[cell])) {
                    copy.set(i, String.join("|", other));
                    assertThat(differences(copy)).as(copy.get(i)).isNotEmpty();
                    changed++;
                }
            }
        }
        assertThat(changed).isGreaterThan(120);
    }

    private static Set<String> differences(List<String> document) {
        Set<String> differences = new TreeSet<>();
        TABLES.forEach((type, size) -> compare(type, size, table(document, type.getSimpleName()), differences));
        return differences;
    }

    private static void compare(Class<?> type, int size, Map<String, Row> table, Set<String> differences) {
        Map<String, Integer> constants = offsets(type);
        table.forEach((name, row) -> {
            if (!constants.containsKey(name) || constants.get(name) != row.offset) {
                differences.add(type.getSimpleName() + "." + name + ": document " + row.offset + ", program "
                        + constants.get(name));
            }
        });
        constants.keySet().stream()
                .filter(name -> !table.containsKey(name))
                .forEach(name -> differences.add(type.getSimpleName() + "." + name + ": not in the document"));
        // Words neither overlap nor leave the structure; what is left between them is less than a line.
        List<Row> rows = table.values().stream()
                .sorted((one, other) -> Integer.compare(one.offset, other.offset))
                .toList();
        for (int i = 0; i < rows.size(); i++) {
            int end = i + 1 < rows.size() ? rows.get(i + 1).offset : size;
            int expected = expectedBytes(type, rows.get(i).offset);
            if (rows.get(i).bytes != expected || rows.get(i).offset + rows.get(i).bytes > end) {
                differences.add(type.getSimpleName() + " at " + rows.get(i).offset + ": bytes " + rows.get(i).bytes);
            }
        }
    }

    private static int expectedBytes(Class<?> type, int offset) {
        if (type == ChannelHeader.class && offset == ChannelHeader.PROCESSES_OFFSET) {
            return ChannelHeader.PROCESS_SLOTS * ChannelHeader.PROCESS_STRIDE;
        }
        if (type == BufferHeader.class && offset == BufferHeader.COUNTER_BASES_OFFSET) {
            return BufferHeader.ABANDONED_BYTES_OFFSET + 8 - BufferHeader.CLOSED_BYTES_OFFSET;
        }
        if (type == BufferHeader.class && offset == BufferHeader.IN_FLIGHT_OFFSET) {
            return InFlightTable.SIZE;
        }
        if (type == BufferHeader.class && offset == BufferHeader.SUB_BUFFERS_OFFSET) {
            return SubBufferTable.STRIDE;
        }
        if (type == SubBufferTable.class && offset == SubBufferTable.HOLES_OFFSET) {
            return SubBufferTable.HOLE_COUNT * SubBufferTable.HOLE_STRIDE;
        }
        if (type == TypesFile.class && offset >= TypesFile.SWITCHES_OFFSET) {
            return offset == TypesFile.SWITCHES_OFFSET
                    ? TypesFile.IDS * Long.BYTES
                    : offset == TypesFile.COUNTS_OFFSET
                            ? InFlightTable.ENTRIES * TypesFile.ROW_SIZE
                            : TypesFile.LOG_SIZE;
        }
        boolean half = offset == EventLayout.UNUSED_OFFSET || offset == EventLayout.CPU_OFFSET;
        return type == EventLayout.class && half ? Integer.BYTES : Long.BYTES;
    }

    private static Map<String, Row> table(List<String> document, String heading) {
        Map<String, Row> rows = new TreeMap<>();
        int start = document.indexOf("## " + heading);
        assertThat(start).as("heading " + heading).isNotNegative();
        for (String line : document.subList(start + 1, document.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            String[] cells = line.split("\\|", -1);
            if (cells.length == 7 && cells[1].matches(" \\d+ ")) {
                String bytes = cells[2].strip().replace("·N", "");
                rows.put(cells[3].strip(), new Row(Integer.parseInt(cells[1].strip()), Integer.parseInt(bytes)));
            }
        }
        return rows;
    }

    private static Map<String, Integer> offsets(Class<?> type) {
        Map<String, Integer> offsets = new TreeMap<>();
        for (Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_OFFSET")) {
                String name = field.getName().substring(0, field.getName().length() - "_OFFSET".length());
                try {
                    offsets.put(name, field.getInt(null));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return offsets;
    }

    @Test
    void theConstantsInTheTextAreTheProgrammes() throws IOException {
        String text = Files.readString(DOCUMENT).replace('\n', ' ');
        assertThat(text)
                .contains("At 0 of `meta`. ")
                .contains("224 entries of 64 bytes at 896 of a region")
                .contains("N entries of 192 bytes at 15232 of a region")
                .contains("A process slot is 16 bytes")
                .contains("owner, last: 4 |")
                .contains(
                        "1 overwrite, 2 padding header of 8 bytes, 4 global, 8 client callbacks, 16 padding header of 4")
                .contains("1 enabled, 2 disabled, 3 closed")
                .contains("8 holes of 16 bytes");
        assertThat(ChannelHeader.LAYOUT_VERSION).isEqualTo(4);
        assertThat(InFlightTable.ENTRIES).isEqualTo(64 + 64 + 12 * 8).isEqualTo(224);
        assertThat(InFlightTable.STRIDE).isEqualTo(64);
        assertThat(List.of(InFlightTable.firstOf(0), InFlightTable.firstOf(1), InFlightTable.firstOf(12)))
                .containsExactly(64, 128, 216);
        assertThat(List.of(InFlightTable.countOf(0), InFlightTable.countOf(12), InFlightTable.countOf(13)))
                .containsExactly(64, 8, 0);
        assertThat(SubBufferTable.STRIDE).isEqualTo(192);
        assertThat(SubBufferTable.HOLE_COUNT).isEqualTo(8);
        assertThat(SubBufferTable.HOLE_STRIDE).isEqualTo(16);
        assertThat(ChannelHeader.PROCESS_STRIDE).isEqualTo(16);
        assertThat(ChannelHeader.SIZE).isEqualTo(4096);
        assertThat(List.of(
                        ChannelHeader.FLAG_OVERWRITE,
                        ChannelHeader.FLAG_PADDING_HEADER,
                        ChannelHeader.FLAG_GLOBAL,
                        ChannelHeader.FLAG_CALLBACKS,
                        ChannelHeader.FLAG_SHORT_PADDING_HEADER,
                        ChannelHeader.FLAG_EVENTS))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L);
        assertThat(List.of(ChannelHeader.STATE_ENABLED, ChannelHeader.STATE_DISABLED, ChannelHeader.STATE_CLOSED))
                .containsExactly(1L, 2L, 3L);
        assertThat(List.of(Extent.TOTAL_BIT, Extent.MOVES, Extent.RETURNS, Extent.RECORD_BIT))
                .containsExactly(1L << 40, 1L << 41, 1L << 42, 1L << 43);
        assertThat(Extent.bits(3, 2)).isEqualTo(Extent.TOTAL_BIT);
        assertThat(Extent.bits(2, 3)).isEqualTo(Extent.RECORD_BIT);
        assertThat(InFlightTable.NO_CLAIM).isEqualTo(1L << 62);
        assertThat(InFlightTable.COUNTED).isEqualTo(1L << 62);
    }

    @Test
    void wordsOfDifferentPartiesLieOnDifferentLines() {
        List<Integer> lines = List.of(
                BufferHeader.RESERVE_OFFSET / 128,
                BufferHeader.CONSUMED_OFFSET / 128,
                BufferHeader.DELIVERED_OFFSET / 128,
                BufferHeader.CLOSED_BYTES_OFFSET / 128,
                BufferHeader.BASE_OFFSET / 128,
                BufferHeader.STALL_POSITION_OFFSET / 128,
                BufferHeader.IN_FLIGHT_OFFSET / 128);
        assertThat(lines).doesNotHaveDuplicates();
        assertThat(BufferHeader.ABANDONED_BYTES_OFFSET / 128).isEqualTo(BufferHeader.CLOSED_BYTES_OFFSET / 128);
        assertThat(BufferHeader.regionSize(1) % 4096).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "262144, 8, 19, 3",
        "1, 1, 2, 0",
        "1, 524288, 2, 19",
        "2147483648, 1, 32, 0",
        "4096, 5, 13, 3",
        "4095, 2, 13, 1",
        "4094, 3, 12, 2"
    })
    void theReserveWordIsPackedAsDrawn(long size, int count, int k, int i) {
        Geometry geometry = new Geometry(size, count, 0);
        assertThat(geometry.offsetBits()).isEqualTo(k);
        assertThat(geometry.indexMask()).isEqualTo((1L << i) - 1);
        long word = geometry.reserveWord(geometry.lastLap(), count - 1, size + 1, geometry.liveBit());
        assertThat(word)
                .isEqualTo(geometry.lastLap() << k + 1 + i | (long) (count - 1) << k + 1 | 1L << k | size + 1)
                .isPositive()
                .isLessThan(1L << 62);
        assertThat(geometry.lap(word)).isEqualTo(geometry.lastLap());
        assertThat(geometry.index(word)).isEqualTo(count - 1);
        assertThat(geometry.offset(word)).isEqualTo(size + 1);
        assertThat(geometry.isOpen(word)).isFalse();
        assertThat(geometry.position(word)).isEqualTo(geometry.lastLap() * count + count - 1);
        assertThat(geometry.position(word)).isGreaterThanOrEqualTo((1L << 60 - k) - 1);
        assertThat(geometry.place(word)).isEqualTo(geometry.lastLap() << i | count - 1);
        assertThat(geometry.distance(word)).isEqualTo((geometry.position(word) + 1) * size);
    }
}
