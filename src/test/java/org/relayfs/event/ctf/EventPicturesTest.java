package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.event.BuiltInType;
import org.relayfs.layout.EventLayout;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/// The pictures of an event and of a packet, where they are drawn, against the bytes that the program makes.
final class EventPicturesTest {
    private static final String DOCUMENT = "docs/events.md";

    private static final Pattern ROW = Pattern.compile("^(?:///)? *(?:event|packet)? +(\\d+) +(.*?)(?: {2,}.*)?$");
    private static final Pattern FIELD = Pattern.compile("(.+?) : (\\d+)(?: \\((?:lowest|highest)\\))?");
    private static final Pattern TYPE = Pattern.compile("\\| (\\d+) \\| `(\\w+)` \\|.*");

    /// Where the fields begin and how many bits each has, in the order of the picture, and where it ends.
    private record Picture(Map<String, Integer> bits, int rest) {
        int bitsBefore(String name) {
            return bits.entrySet().stream()
                    .takeWhile(field -> !field.getKey().equals(name))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DOCUMENT, "src/main/java/org/relayfs/layout/EventLayout.java"})
    void theEventIsThePicturesOne(String file) throws IOException {
        Picture event = picture(Path.of(file), "timestamp : 64");
        assertThat(event.bits.keySet()).containsExactly("timestamp", "id", "length of the payload", "thread");
        assertThat(event.rest).isEqualTo(EventLayout.HEADER_SIZE);
        assertThat(event.bits.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(EventLayout.HEADER_SIZE * Byte.SIZE);
        assertThat(event.bitsBefore("timestamp")).isEqualTo(EventLayout.TIMESTAMP_OFFSET * Byte.SIZE);
        int word = EventLayout.WORD_OFFSET * Byte.SIZE;
        assertThat(event.bitsBefore("id")).isEqualTo(word);
        assertThat(EventLayout.word((1 << EventLayout.ID_BITS) - 1, 0, 0)).isEqualTo(mask(event, "id", word));
        assertThat(EventLayout.word(0, EventLayout.MAX_PAYLOAD, 0))
                .isEqualTo(mask(event, "length of the payload", word));
        assertThat(EventLayout.word(0, 0, -1)).isEqualTo(mask(event, "thread", word));
    }

    @Test
    void thePacketIsThePicturesOne() throws IOException {
        Picture packet = picture(Path.of(DOCUMENT), "magic 0xC1FC1FC1");
        assertThat(packet.rest).isEqualTo(PacketHead.SIZE);
        ByteBuffer head = ByteBuffer.allocate(PacketHead.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        new PacketHead(1, 2, 3, 4, 5).put(head, 6, 7);
        Map<String, Long> values = new LinkedHashMap<>();
        head.flip();
        packet.bits.forEach((name, bits) ->
                values.put(name, bits == Integer.SIZE ? Integer.toUnsignedLong(head.getInt()) : head.getLong()));
        assertThat(head.hasRemaining()).isFalse();
        Map<String, Long> expected = new LinkedHashMap<>();
        expected.put("magic 0xC1FC1FC1", 0xC1FC1FC1L);
        expected.put("stream id 0", 0L);
        expected.put("stream instance (CPU)", 1L);
        expected.put("timestamp_begin", 2L);
        expected.put("timestamp_end", 3L);
        expected.put("content_size (bits)", 6L * Byte.SIZE);
        expected.put("packet_size (bits)", 7L * Byte.SIZE);
        expected.put("packet_seq_num", 4L);
        expected.put("events_discarded", 5L);
        expected.put("cpu_id", 1L);
        assertThat(values.entrySet()).containsExactlyElementsOf(expected.entrySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "perfetto"})
    void whatOneSeesIsAPictureThatStandsAlone(String name) throws Exception {
        Path file = Path.of("docs/plots/events-" + name + ".svg");
        assertThat(Files.readString(Path.of(DOCUMENT))).contains("](plots/" + file.getFileName() + ")");
        Document picture = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(file.toFile());
        assertThat(picture.getDocumentElement().getLocalName()).isEqualTo("svg");
        NodeList elements = picture.getElementsByTagName("*");
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < elements.getLength(); i++) {
            names.add(elements.item(i).getLocalName());
        }
        assertThat(names).isSubsetOf("svg", "title", "rect", "path", "text", "tspan");
    }

    @Test
    void theTypesOfEveryChannelAreThoseOfTheTable() throws IOException {
        Map<Integer, String> types = Files.readAllLines(Path.of(DOCUMENT)).stream()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(row -> Integer.valueOf(row.group(1)), row -> row.group(2)));
        assertThat(types)
                .isEqualTo(Arrays.stream(BuiltInType.values())
                        .collect(Collectors.toMap(
                                Enum::ordinal, type -> type.type().name())));
    }

    private static long mask(Picture event, String name, int start) {
        return -1L >>> Long.SIZE - event.bits.get(name) << event.bitsBefore(name) - start;
    }

    /// Reads rows `OFFSET FIELD : BITS | FIELD : BITS`, or `OFFSET FIELD | FIELD, BITS each`, each of which has to
    /// begin
    /// where the one before has ended, down to one that has no sizes.
    private static Picture picture(Path file, String first) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int begin = 0;
        while (!lines.get(begin).contains(first)) {
            begin++;
        }
        Map<String, Integer> bits = new LinkedHashMap<>();
        int offset = 0;
        for (String line : lines.subList(begin, lines.size())) {
            Matcher row = ROW.matcher(line);
            assertThat(row.matches()).as(line).isTrue();
            assertThat(Integer.parseInt(row.group(1))).as(line).isEqualTo(offset);
            Map<String, Integer> fields = fields(row.group(2));
            if (fields.isEmpty()) {
                return new Picture(bits, offset);
            }
            bits.putAll(fields);
            offset += fields.values().stream().mapToInt(Integer::intValue).sum() / Byte.SIZE;
        }
        throw new AssertionError(String.format(Locale.ROOT, "%s: the picture of %s has no end", file, first));
    }

    private static Map<String, Integer> fields(String row) {
        Matcher each = Pattern.compile("(.*), (\\d+) each").matcher(row);
        List<String> texts = new ArrayList<>();
        for (String text : (each.matches() ? each.group(1) : row).split(" \\| ")) {
            texts.add(each.matches() ? text + " : " + each.group(2) : text);
        }
        Map<String, Integer> fields = new LinkedHashMap<>();
        for (String text : texts) {
            Matcher field = FIELD.matcher(text.strip());
            if (field.matches()) {
                fields.put(field.group(1), Integer.valueOf(field.group(2)));
            }
        }
        return fields;
    }
}
