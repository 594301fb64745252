package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a stream says is understood, and what is no event is left out, but not more.
@Timeout(60)
class EventStreamTest {
    private static final String ALL = "5 0 4711 all:kinds i8=-1 i16=-2 i32=-3 i64=-4 u8=255 u16=65535 "
            + "u32=4294967295 u64=18446744073709551615 f32=1.5 double=-2.25 flag=true enum=PUT it string=hé\"llo "
            + "data=0102ff data_length=7";

    private static EventStream stream(CtfForm form, ByteSource source) {
        return new EventStream(source, new TypeTable(SampleMetadata.of(form)), 0);
    }

    private static List<String> raw(byte[] bytes) throws Exception {
        return EventLines.of(stream(CtfForm.RAW, Pieces.whole(bytes)));
    }

    private static List<String> packets(byte[] bytes) throws Exception {
        return EventLines.of(stream(CtfForm.PACKETS, Pieces.whole(bytes)));
    }

    private static String begin(long timestamp, int cpu, long position) {
        return begin(timestamp, cpu, position, 0);
    }

    private static String begin(long timestamp, int cpu, long position, long full) {
        return timestamp + " " + cpu + " 1 subbuffer unused=0 cpu=" + cpu + " position=" + position + " monotonic="
                + timestamp + " realtime=0 full=" + full + " too_big=0 straggler=0 abandoned=0";
    }

    private static EventBytes sample() {
        EventBytes events = new EventBytes().subBuffer(1, 0, 0, 0).text(2, 7, "héllo");
        return SampleMetadata.putAll(events, 5)
                .event(6, SampleMetadata.EMPTY, 0xFFFF_FFFFL)
                .event(7, 3, 1)
                .raw(new byte[] {1})
                .event(8, 0, 1)
                .raw(new byte[2])
                .event(9, 4000, 1)
                .raw(new byte[] {3});
    }

    private static final List<String> SAMPLE = List.of(
            begin(1, 0, 0),
            "2 0 7 text text=héllo",
            ALL,
            "6 0 4294967295 nothing",
            "7 0 1 bytes bytes=01",
            "8 0 1 lost hole=0000",
            "9 0 1 4000 bytes=03");

    @Test
    void everyKindIsUnderstood() throws Exception {
        assertEquals(SAMPLE, raw(sample().raw()));
        assertEquals(SAMPLE, packets(sample().packet(0, 1, 9, 0, 0, 100)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 79, 80, 1000})
    void piecesMayEndAnywhere(int size) throws Exception {
        assertEquals(SAMPLE, EventLines.of(stream(CtfForm.RAW, new Pieces(sample().raw(), size))));
        byte[] packets = EventBytes.join(sample().packet(0, 1, 9, 0, 0, 5), sample().packet(0, 1, 9, 0, 0, 0));
        assertThat(EventLines.of(stream(CtfForm.PACKETS, new Pieces(packets, size))))
                .hasSize(2 * SAMPLE.size());
    }

    @Test
    void eachPrefixHoldsTheEventsThatAreWhole() throws Exception {
        byte[] bytes = sample().raw();
        for (int length = 0; length < bytes.length; length++) {
            List<String> lines = raw(Arrays.copyOf(bytes, length));
            int events = (int)
                    lines.stream().filter(line -> !line.startsWith("offset")).count();
            assertThat(lines.subList(0, events)).isEqualTo(SAMPLE.subList(0, events));
            assertThat(lines.size() - events).isLessThanOrEqualTo(1);
        }
        assertThat(raw(Arrays.copyOf(bytes, 90)))
                .containsExactly(SAMPLE.getFirst(), "offset=80, bytes=10: the end of the stream is within an event");
    }

    @Test
    void lossIsToldWhereItWasNoticed() throws Exception {
        byte[] bytes = new EventBytes()
                .subBuffer(1, 0, 3, 0, 5, 0, 0, 0)
                .subBuffer(2, 0, 4, 0, 7, 0, 0, 0)
                .subBuffer(3, 0, 9, 0, 7, 1, 2, 3)
                .raw();
        assertThat(raw(bytes).stream().map(line -> line.replaceAll(" 1 subbuffer.*", "")))
                .containsExactly(
                        "1 0", "FULL 2", "2 0", "OVERWRITTEN 4", "TOO_BIG 1", "STRAGGLER 2", "ABANDONED 3", "3 0");
    }

    @Test
    void aCountThatFallsIsNotToldTwice() throws Exception {
        byte[] bytes = new EventBytes()
                .subBuffer(1, 0, 3, 0, 5, 0, 0, 0)
                .subBuffer(2, 0, 4, 0, 7, 0, 0, 0)
                .subBuffer(3, 0, 5, 0, 6, 0, 0, 0)
                .subBuffer(4, 0, 6, 0, 8, 0, 0, 0)
                .raw();
        assertThat(raw(bytes).stream().map(line -> line.replaceAll(" 1 subbuffer.*", "")))
                .containsExactly("1 0", "FULL 2", "2 0", "3 0", "FULL 1", "4 0");
    }

    @Test
    void aResetIsNoLoss() throws Exception {
        byte[] bytes = new EventBytes()
                .subBuffer(1, 0, 3, 0, 5, 0, 0, 0)
                .subBuffer(2, 0, 0, 0)
                .raw();
        assertEquals(List.of(begin(1, 0, 3, 5), begin(2, 0, 0)), raw(bytes));
    }

    @Test
    void whatPacketsKnowOfLossBeyondIsToldAtTheEnd() throws Exception {
        byte[] one = new EventBytes().subBuffer(1, 0, 0, 0, 2).packet(0, 1, 1, 0, 2, 0);
        byte[] two = new EventBytes().subBuffer(2, 0, 1, 0, 4).packet(0, 2, 2, 1, 9, 0);
        assertEquals(
                List.of(begin(1, 0, 0, 2), "FULL 2", begin(2, 0, 1, 4), "DISCARDED 5"),
                packets(EventBytes.join(one, two)));
    }

    @Test
    void afterDamageItGoesOnAtTheNextSubBuffer() throws Exception {
        byte[] bytes = new EventBytes()
                .subBuffer(1, 3, 0, 0)
                .event(2, SampleMetadata.REQUEST, 1)
                .u8(9)
                .text(3, 1, "not understood")
                .subBuffer(4, 9, 1, 0)
                .subBuffer(5, 3, 1, 0)
                .text(6, 1, "x")
                .raw();
        assertEquals(
                List.of(
                        begin(1, 3, 0),
                        "offset=80, bytes=127: an event of type 16 with 1 bytes",
                        begin(5, 3, 1),
                        "6 3 1 text text=x"),
                raw(bytes));
    }

    @Test
    void afterDamageItGoesOnAtTheNextPacket() throws Exception {
        byte[] one = sample().packet(0, 1, 9, 0, 0, 3);
        one[72 + 80 + 8 + 3] = 1; // the length of an event
        byte[] two = sample().packet(0, 1, 9, 1, 0, 3);
        two[0]++;
        byte[] three = sample().packet(0, 1, 9, 2, 0, 3);
        List<String> lines = packets(EventBytes.join(one, two, three, new byte[5]));
        assertThat(lines).hasSize(1 + 1 + SAMPLE.size() + 1).contains(SAMPLE.getLast());
        assertThat(lines.get(1)).startsWith("offset=152, bytes=" + (one.length - 152 + two.length) + ": an event of ");
        assertThat(lines.getLast())
                .isEqualTo("offset=" + (3 * one.length) + ", bytes=5: the end of the stream is " + "within a packet");
    }

    @Test
    void aPayloadThatIsNotAsItsTypeSaysDisturbsNoOther() throws Exception {
        byte[] bytes = new EventBytes()
                .event(1, SampleMetadata.REQUEST, 1)
                .raw("no end".getBytes(StandardCharsets.US_ASCII))
                .text(2, 1, "x")
                .raw();
        assertEquals(List.of("! 1 0 1 http.request", "2 0 1 text text=x"), raw(bytes));
    }
}
