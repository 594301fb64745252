package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.EventBytes;
import org.relayfs.event.ctf.SampleMetadata;
import org.relayfs.testing.Client;
import org.relayfs.testing.Tool;

/// `relayfs report` of recordings.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ReportIT {
    private static final long SECOND = 1_000_000_000L;
    private static final String DAY = "2023-11-14 22:13:";

    private static final String LINES = String.join(
                    "\n",
                    DAY + "21.500000000 [0] 4711/a \"b\" \\ \\n1 é INFO  text: two\\n\\x1b[31mlines",
                    DAY + "22.500000000 [1] 1/main WARN  http.request path=\"/\\\"x\" status=-404",
                    DAY + "23.500000000 [0] 4711/a \"b\" \\ \\n1 é TRACE all:kinds i8=-1 i16=-2 i32=-3 i64=-4 u8=255 "
                            + "u16=65535 u32=4294967295 u64=18446744073709551615 f32=1.5 double=-2.25 flag=true "
                            + "enum=PUT it string=\"hé\\\"llo\" data=0x0102ff data_length=7",
                    DAY + "24.500000000 [0] 7 -     type-4000 bytes=0x03",
                    DAY + "25.500000000 [0] lost: 4 sub-buffers were overwritten or skipped",
                    DAY + "25.500000000 [0] lost: 3 records were refused: the buffer was full",
                    DAY + "26.500000000 [1] 2147483649/virtual ERROR nothing")
            + "\n";

    @TempDir
    private Path folder;

    private Path trace;

    @BeforeEach
    void record() throws Exception {
        trace = Files.createDirectories(folder.resolve("all/app"));
        Files.writeString(
                trace.resolve("metadata"), SampleMetadata.of(CtfForm.PACKETS).text());
        EventBytes first = new EventBytes().subBuffer(SECOND, 0, 0, 0).text(SECOND, 4711, "two\n\033[31mlines");
        SampleMetadata.putAll(first, 3 * SECOND);
        // The files of a rotated set: the last one has no number.
        Files.write(trace.resolve("cpu0.2"), first.packet(0, SECOND, 3 * SECOND, 0, 0, 9));
        Files.write(
                trace.resolve("cpu0.10"),
                new EventBytes()
                        .subBuffer(4 * SECOND, 0, 1, 0)
                        .event(4 * SECOND, 4000, 7)
                        .u8(3)
                        .packet(0, 4 * SECOND, 4 * SECOND, 1, 0, 0));
        Files.write(
                trace.resolve("cpu0"),
                new EventBytes().subBuffer(5 * SECOND, 0, 6, 0, 3).packet(0, 5 * SECOND, 5 * SECOND, 6, 3, 0));
        Files.write(
                trace.resolve("cpu1"),
                new EventBytes()
                        .subBuffer(2 * SECOND, 1, 0, 0)
                        .event(2 * SECOND, SampleMetadata.REQUEST, 1)
                        .string("/\"x")
                        .u32(-404)
                        .event(6 * SECOND, SampleMetadata.EMPTY, 0x8000_0001L)
                        .packet(1, 2 * SECOND, 6 * SECOND, 0, 0, 0));
    }

    private String report(Object... arguments) throws Exception {
        Object[] all = new Object[arguments.length + 2];
        all[0] = "report";
        all[1] = folder.resolve("all");
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return utf8(Tool.run(all));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Test
    void printsTheEventsOfAllCpusInOneOrder() throws Exception {
        assertThat(report("--utc")).isEqualTo(LINES);
    }

    @Test
    void printsWhatIsAskedFor() throws Exception {
        assertThat(report("--relative", "--level", "warn", "--until", "@1700000005.5"))
                .isEqualTo("""
                        +0.000000000 [1] 1/main WARN  http.request path="/\\"x" status=-404
                        +2.000000000 [0] 7 -     type-4000 bytes=0x03
                        """);
        assertThat(report("--utc", "--thread", "virtual,7", "--since", "2023-11-14T22:13:26Z"))
                .isEqualTo(DAY + "26.500000000 [1] 2147483649/virtual ERROR nothing\n");
        assertThat(report("--count", "-t", "*")).isEqualTo("""
                        TYPE          EVENTS
                        subbuffer          4
                        all:kinds          1
                        http.request       1
                        nothing            1
                        text               1
                        type-4000          1
                        lost: 4 sub-buffers were overwritten or skipped
                        lost: 3 records were refused: the buffer was full
                        """);
        assertThat(report("--count", "--json", "--grep", "status=-4.4$")).isEqualTo("""
                        {"http.request":1}
                        {"relayfs.loss.OVERWRITTEN":4}
                        {"relayfs.loss.FULL":3}
                        """);
    }

    @Test
    void printsJsonThatJqReads() throws Exception {
        String script = "\"$1\" report --json \"$2\" | jq -r '[.Timestamp, .SeverityText, .SeverityNumber, .EventName, "
                + ".Body, .Attributes.\"thread.name\", .Attributes.status, .Attributes.data, "
                + ".Resource.\"host.name\"] | map(tojson) | join(\" \")'";
        assertThat(utf8(Client.shell(script, Tool.LAUNCHER, trace)).lines())
                .containsExactly(
                        "\"1700000001500000000\" \"INFO\" 9 \"text\" \"two\\n\\u001b[31mlines\" "
                                + "\"a \\\"b\\\" \\\\ \\n1 é\" null null \"host\"",
                        "\"1700000002500000000\" \"WARN\" 13 \"http.request\" null \"main\" -404 null \"host\"",
                        "\"1700000003500000000\" \"TRACE\" 1 \"all:kinds\" null \"a \\\"b\\\" \\\\ \\n1 é\" null "
                                + "\"AQL/\" \"host\"",
                        "\"1700000004500000000\" \"INFO\" 9 \"type-4000\" null null null null \"host\"",
                        "\"1700000005500000000\" \"WARN\" 13 \"relayfs.loss\" "
                                + "\"4 sub-buffers were overwritten or skipped\" null null null \"host\"",
                        "\"1700000005500000000\" \"WARN\" 13 \"relayfs.loss\" "
                                + "\"3 records were refused: the buffer was full\" null null null \"host\"",
                        "\"1700000006500000000\" \"ERROR\" 17 \"nothing\" null \"virtual\" null null \"host\"");
    }

    @Test
    void hasColoursOnATerminal() throws Exception {
        try (Client terminal = Tool.onTerminal("report -t 'noth*' " + trace)) {
            terminal.awaitSuccess();
            assertThat(terminal.output()).contains("\033[31mERROR\033[0m \033[1mnothing\033[0m");
        }
    }

    @Test
    void ordersSeveralRecordingsAsOne() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(
                other.resolve("metadata"), SampleMetadata.of(CtfForm.RAW).text());
        Files.write(
                other.resolve("cpu0"),
                new EventBytes().text(4 * SECOND - 1, 1, "between").raw());
        List<String> lines = report(other, "--utc").lines().toList();
        assertThat(lines).hasSize(8);
        assertThat(lines.get(3)).isEqualTo(DAY + "24.499999999 [0] 1/main INFO  text: between");
    }

    @Test
    void saysWhatCannotBeRead() throws Exception {
        Files.write(trace.resolve("cpu2"), new byte[100]);
        Files.createDirectories(folder.resolve("empty"));
        assertThat(Tool.refused(1, "report", folder.resolve("empty"))).contains("/empty has no file metadata");
        try (Client tool = Tool.start("report", "--count", trace)) {
            assertThat(tool.awaitEnd()).isEqualTo(3);
            assertThat(tool.output()).contains("http.request");
            assertThat(tool.errors())
                    .isEqualTo("relayfs: damaged: cpu=2, offset=0, bytes=100: not the head of a packet\n");
        }
        Files.writeString(trace.resolve("metadata"), "/* CTF 1.8 */\nnothing");
        assertThat(Tool.refused(2, "report", trace))
                .isEqualTo("relayfs: " + trace + "/metadata: metadata: line=2, column=1: expected typealias, "
                        + "found nothing\n");
    }
}
