package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.testing.Babeltrace;
import org.relayfs.testing.Client;

/// babeltrace2, which is not ours, reads both forms, beside the metadata that we write.
class BabeltraceTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path trace;

    @Test
    void readsRawStreams() throws Exception {
        Babeltrace.assumeReadsRawStreams();
        write(CtfForm.RAW, first().raw(), second().raw());
        assertThat(babeltrace()).isEqualTo(expected());
    }

    @Test
    void readsPackets() throws Exception {
        write(
                CtfForm.PACKETS,
                first().packet(0, SECOND, 9 * SECOND, 0, 0, 40),
                second().packet(1, SECOND, 9 * SECOND, 0, 0, 0));
        assertThat(babeltrace()).isEqualTo(expected());
    }

    @Test
    void tellsTheTimeOfDayAndWhatElseIsKnown() throws Exception {
        Babeltrace.assumeReadsRawStreams();
        write(CtfForm.RAW, new EventBytes().text(SECOND, 4711, "x").raw());
        assertThat(Client.shell("babeltrace2 --clock-seconds --names all --fields all $1", trace))
                .contains("1700000001.500000000", "length = 1", "thread = 4711", "trace:domain = relayfs")
                .contains("trace:hostname = host", "loglevel = TRACE_INFO (6)");
    }

    @Test
    void lossIsTold() throws Exception {
        byte[] one = new EventBytes().subBuffer(SECOND, 0, 0, 0).packet(0, SECOND, 2 * SECOND, 0, 3, 0);
        byte[] two = new EventBytes().subBuffer(3 * SECOND, 0, 5, 0, 3).packet(0, 3 * SECOND, 4 * SECOND, 5, 10, 0);
        byte[] both = EventBytes.join(one, two);
        write(CtfForm.PACKETS, both);
        assertThat(Client.shell("babeltrace2 $1 2>&1", trace)).contains("discarded 7 events", "discarded 4 packets");
    }

    private void write(CtfForm form, byte[]... streams) throws Exception {
        Files.writeString(trace.resolve("metadata"), SampleMetadata.of(form).text());
        for (int i = 0; i < streams.length; i++) {
            Files.write(trace.resolve("cpu" + i), streams[i]);
        }
    }

    private static EventBytes first() {
        EventBytes events = new EventBytes().subBuffer(SECOND, 0, 0, SampleMetadata.EPOCH + SECOND, 1, 2, 3, 4);
        events.text(3 * SECOND, 4711, "héllo");
        return SampleMetadata.putAll(events, 5 * SECOND).event(6 * SECOND, 0, 1).raw(new byte[2]);
    }

    private static EventBytes second() {
        return new EventBytes()
                .subBuffer(2 * SECOND, 1, 7, SampleMetadata.EPOCH + 2 * SECOND)
                .event(4 * SECOND, SampleMetadata.REQUEST, 1)
                .string("/x")
                .u32(-404)
                .event(7 * SECOND, SampleMetadata.EMPTY, 0x8000_0001L)
                .event(8 * SECOND, 3, 1)
                .raw(new byte[] {7, 8});
    }

    /// Each event on a line, the times in seconds, without the CPU, which only packets tell.
    private String babeltrace() throws Exception {
        String lines = Client.shell(
                "babeltrace2 --clock-seconds --no-delta --names payload $1 "
                        + "| sed 's/^.17000000\\(..\\).500000000. host /\\1 /; s/: { [01] },/:/'",
                trace);
        return new String(lines.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String expected() {
        return """
                01 subbuffer: { 64, 1 }, { unused = 0, cpu = 0, position = 0, monotonic = 1000000000, \
                realtime = 1700000001500000000, full = 1, too_big = 2, straggler = 3, abandoned = 4 }
                02 subbuffer: { 64, 1 }, { unused = 0, cpu = 1, position = 7, monotonic = 2000000000, \
                realtime = 1700000002500000000, full = 0, too_big = 0, straggler = 0, abandoned = 0 }
                03 text: { 6, 4711 }, { text = "héllo" }
                04 http.request: { 7, 1 }, { path = "/x", status = -404 }
                05 all:kinds: { 61, 4711 }, { i8 = -1, i16 = -2, i32 = -3, i64 = -4, u8 = 255, u16 = 65535, \
                u32 = 4294967295, u64 = 18446744073709551615, f32 = 1.5, double = -2.25, \
                flag = ( "true" : container = 1 ), enum = ( "PUT it" : container = 1 ), string = "hé\\"llo", \
                __data_length = 3, data = [ [0] = 1, [1] = 2, [2] = 255 ], data_length = 7 }
                06 lost: { 2, 1 }, { hole = [ [0] = 0, [1] = 0 ] }
                07 nothing: { 0, 2147483649 }, { }
                08 bytes: { 2, 1 }, { bytes = [ [0] = 7, [1] = 8 ] }
                """;
    }
}
