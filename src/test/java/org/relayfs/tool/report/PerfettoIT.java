package org.relayfs.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.ctf.CtfClock;
import org.relayfs.event.ctf.CtfForm;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventBytes;
import org.relayfs.event.ctf.SampleMetadata;
import org.relayfs.testing.Tool;
import org.relayfs.testing.TraceProcessor;

/// `relayfs export --perfetto`, read by Perfetto's own trace processor.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class PerfettoIT {
    private static final long SECOND = 1_000_000_000L;
    private static final long VIRTUAL = 0x8000_0001L;
    private static final int QUERY = 20;
    private static final int QUERY_END = 21;
    private static final int OUTER = 22;
    private static final int OUTER_END = 23;
    private static final int REQUEST = 24;
    private static final int LENGTH = 25;
    private static final int LOAD = 26;

    private static final String SLICES = """
            select slice.ts, slice.dur, slice.name, category, thread.tid, thread.name from slice
            left join thread_track on thread_track.id = track_id left join thread using (utid) order by ts, dur desc""";
    private static final String FIELDS = """
            select key, display_value from args where arg_set_id in (select arg_set_id from slice where name = '%s')
            and key like 'debug.%%' order by id""";

    @TempDir
    private Path folder;

    private Path trace;

    private static CtfMetadata metadata(UUID boot, long epoch) {
        CtfMetadata sample = SampleMetadata.of(CtfForm.PACKETS);
        SortedMap<Integer, EventType> types = new TreeMap<>(sample.types());
        types.put(
                QUERY,
                EventType.named("query.begin").field("sql", FieldKind.STRING).build());
        types.put(
                QUERY_END,
                EventType.named("query.end").field("rows", FieldKind.I32).build());
        types.put(OUTER, EventType.named("outer.begin").build());
        types.put(OUTER_END, EventType.named("outer.end").build());
        types.put(
                REQUEST,
                EventType.named("request")
                        .field("path", FieldKind.STRING)
                        .field("duration", FieldKind.U32)
                        .build());
        types.put(
                LENGTH,
                EventType.named("queue.length").field("value", FieldKind.I32).build());
        types.put(LOAD, EventType.named("load").field("value", FieldKind.F64).build());
        return new CtfMetadata(CtfForm.PACKETS, sample.environment(), CtfClock.monotonic(boot, 0, epoch), types);
    }

    @BeforeEach
    void makeFolder() throws Exception {
        trace = Files.createDirectories(folder.resolve("trace"));
        Files.writeString(
                trace.resolve("metadata"),
                metadata(SampleMetadata.BOOT, SampleMetadata.EPOCH).text());
    }

    private static EventBytes query(EventBytes events, long time, String sql) {
        return events.event(time, QUERY, 1).string(sql);
    }

    private static EventBytes queryEnd(EventBytes events, long time, int rows) {
        return events.event(time, QUERY_END, 1).u32(rows);
    }

    private static EventBytes request(EventBytes events, long time, String path, long duration) {
        return events.event(time, REQUEST, VIRTUAL).string(path).u32(duration);
    }

    private void put(int cpu, EventBytes events) throws Exception {
        Files.write(trace.resolve("cpu" + cpu), events.packet(cpu, SECOND, 9 * SECOND, 0, 0, 0));
    }

    private Path export(Object... folders) throws Exception {
        Path file = folder.resolve("out.pftrace");
        Object[] arguments = new Object[folders.length + 3];
        arguments[0] = "export";
        arguments[1] = "--perfetto";
        arguments[2] = file;
        System.arraycopy(folders, 0, arguments, 3, folders.length);
        assertThat(Tool.run(arguments)).isEmpty();
        return file;
    }

    /// What is left out by `report`'s own filters is not in the file at all.
    @ParameterizedTest
    @CsvSource({
        "--type=request, /a /b, select",
        "--thread=1, select, /a",
        "--since=@1790000002, /a /b, select",
        "--until=@1790000002, select, /a",
        "--grep=path=./a, /a, /b select"
    })
    void onlySomeAreExported(String filter, String kept, String left) throws Exception {
        EventBytes events = new EventBytes().subBuffer(SECOND, 0, 0, 1_790_000_000L * SECOND + SECOND);
        query(events, SECOND, "select 1");
        request(events, 3 * SECOND, "/a", 300);
        request(events, 3 * SECOND + 400, "/b", 200);
        Files.writeString(
                trace.resolve("metadata"),
                metadata(SampleMetadata.BOOT, 1_790_000_000L * SECOND).text());
        put(0, events);
        String bytes = Files.readString(export(filter, trace), StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains(kept.split(" ")).doesNotContain(left.split(" "));
    }

    @Test
    void pairsAndDurationsAreSlicesAndTheRestInstantsAndCounters() throws Exception {
        TraceProcessor processor = TraceProcessor.fetch();
        EventBytes first = new EventBytes().subBuffer(SECOND, 0, 0, SampleMetadata.EPOCH + SECOND);
        query(first, SECOND, "select 1");
        query(first, SECOND, "select 2");
        queryEnd(first, SECOND + 7, 2);
        first.event(2 * SECOND, OUTER, 1);
        query(first, 2 * SECOND + 1, "its end is missing");
        queryEnd(first, 4 * SECOND, 3);
        first.event(5 * SECOND, OUTER, 4711);
        // The thread of the first slice is on another CPU by now.
        EventBytes second = queryEnd(new EventBytes(), SECOND + 9, 1).event(3 * SECOND, OUTER_END, 1);
        // Three requests of one thread, of which two overlap; one is longer than the clock has been running.
        request(second, 3 * SECOND + 300, "/a", 300);
        request(second, 3 * SECOND + 400, "/b", 200);
        request(second, 3 * SECOND + 401, "/c", 1);
        request(second, 3 * SECOND + 402, "/d", 0xFFFF_FFFFL);
        EventBytes third = new EventBytes()
                .text(6 * SECOND, 1, "héllo")
                .event(6 * SECOND + 1, LENGTH, 1)
                .u32(3);
        third.event(6 * SECOND + 2, LENGTH, 1)
                .u32(-4)
                .event(6 * SECOND + 2, LOAD, VIRTUAL)
                .f64(0.5);
        SampleMetadata.putAll(third, 7 * SECOND).event(7 * SECOND + 1, 4000, 7).u8(3);
        put(0, first);
        put(1, second);
        put(2, third);
        String counters = "select ts, value, counter_track.name from counter join counter_track "
                + "on counter_track.id = track_id order by ts, name";
        assertThat(processor.ask(
                        export(trace), SLICES, counters, FIELDS.formatted("query"), FIELDS.formatted("all:kinds")))
                .containsExactly(
                        "errors|0",
                        "1000000000|9|query|INFO|1|main",
                        "1000000000|7|query|INFO|1|main",
                        "2000000000|1000000000|outer|INFO|1|main",
                        "2000000001|999999999|query|INFO|1|main",
                        "3000000000|300|request|INFO|2147483649|virtual",
                        "3000000200|200|request|INFO|2147483649|virtual",
                        "3000000400|1|request|INFO|2147483649|virtual",
                        "3000000402|0|request|INFO|2147483649|virtual",
                        "4000000000|0|query.end|INFO|1|main",
                        "5000000000|-1|outer|INFO|4711|a \"b\" \\ \\n1 é",
                        "6000000000|0|héllo|INFO|1|main",
                        "7000000000|0|all:kinds|TRACE|4711|a \"b\" \\ \\n1 é",
                        "7000000001|0|type-4000||7|",
                        "6000000001|3|queue.length",
                        "6000000002|0.5|load",
                        "6000000002|-4|queue.length",
                        "debug.sql|select 2",
                        "debug.cpu_logical_number|0",
                        "debug.rows|2",
                        "debug.sql|select 1",
                        "debug.cpu_logical_number|1",
                        "debug.rows|1",
                        "debug.sql|its end is missing",
                        "debug.cpu_logical_number|0",
                        "debug.i8|-1",
                        "debug.i16|-2",
                        "debug.i32|-3",
                        "debug.i64|-4",
                        "debug.u8|255",
                        "debug.u16|65535",
                        "debug.u32|4294967295",
                        "debug.u64|18446744073709551615",
                        "debug.f32|1.5",
                        "debug.double|-2.25",
                        "debug.flag|true",
                        "debug.enum|PUT it",
                        "debug.string|hé\"llo",
                        "debug.data|0x0102ff",
                        "debug.data_length|7",
                        "debug.cpu_logical_number|2");
    }

    @Test
    void lossIsToldInTheTrackOfItsCpuAndTimesOfDayAreKnown() throws Exception {
        TraceProcessor processor = TraceProcessor.fetch();
        byte[] first = new EventBytes()
                .subBuffer(SECOND, 3, 0, SampleMetadata.EPOCH + SECOND)
                .text(SECOND, 1, "before")
                .packet(3, SECOND, SECOND, 0, 0, 0);
        // The time of day was put forward by ten seconds.
        byte[] second = new EventBytes()
                .subBuffer(3 * SECOND, 3, 6, SampleMetadata.EPOCH + 13 * SECOND, 7)
                .text(3 * SECOND + 1, 1, "after")
                .packet(3, 3 * SECOND, 3 * SECOND + 1, 6, 7, 0);
        Files.write(trace.resolve("cpu3"), EventBytes.join(first, second, new byte[100]));
        Path other = Files.createDirectories(folder.resolve("other"));
        long laterEpoch = SampleMetadata.EPOCH + 2 * SECOND;
        Files.writeString(
                other.resolve("metadata"),
                metadata(UUID.randomUUID(), laterEpoch).text());
        EventBytes later = new EventBytes().subBuffer(0, 0, 0, laterEpoch).text(5, 1, "another boot");
        Files.write(other.resolve("cpu0"), later.packet(0, 0, 5, 0, 0, 0));
        Path file = folder.resolve("damaged.pftrace");
        assertThat(Tool.refused(3, "export", "--perfetto", file, trace, other)).isEmpty();
        assertThat(processor.ask(
                        file,
                        "select ts, to_realtime(ts), category, slice.name, track.name, "
                                + "extract_arg(slice.arg_set_id, 'debug.count') "
                                + "from slice join track on track.id = track_id order by ts, slice.id",
                        "select pid, process.name, thread.name from thread join process using (upid) "
                                + "where tid != pid order by pid"))
                .containsExactly(
                        "errors|0",
                        "1000000000|1700000001500000000|INFO|before||",
                        "2000000005|1700000002500000005|INFO|another boot||",
                        "3000000000|1700000013500000000|loss|sub-buffers were overwritten or skipped|CPU 3|5",
                        "3000000000|1700000013500000000|loss|records were refused: the buffer was full|CPU 3|7",
                        "3000000001|1700000013500000001|INFO|after||",
                        "3000000001|1700000013500000001|damage|bytes that are no events|CPU 3|",
                        "4194305|app/log on host|main",
                        "4194306|app/log on host|main");
    }
}
