package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The text of `metadata` says all there is, and nothing else is taken for it.
class CtfMetadataTest {
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsRead(CtfForm form) throws Exception {
        CtfMetadata metadata = SampleMetadata.of(form);
        assertEquals(metadata, CtfMetadata.parse(metadata.text()));
    }

    @Test
    void theClockTellsTheTimeOfDay() {
        CtfClock clock = SampleMetadata.of(CtfForm.RAW).clock();
        assertEquals(SampleMetadata.EPOCH, clock.realtime(0));
        assertEquals(SampleMetadata.EPOCH + 12_345_678_901L, clock.realtime(12_345_678_901L));
    }

    @Test
    void aClockOfAnotherFrequencyTellsIt() {
        CtfClock clock = CtfClock.of("tsc", 2_893_199_000L, SampleMetadata.BOOT, 2_893_199_000L * 7, 9_000_000_000L);
        assertEquals(2_000_000_000L, clock.realtime(0));
        assertEquals(9_500_000_000L, clock.realtime(2_893_199_000L * 7 + 2_893_199_000L / 2));
    }

    @Test
    void aClockMayBeAheadOfTheTimeOfDay() {
        CtfClock clock = CtfClock.monotonic(SampleMetadata.BOOT, 5_000_000_001L, 1_000_000_000L);
        assertEquals(-5, clock.offsetSeconds());
        assertEquals(999_999_999L, clock.offset());
        assertEquals(0, clock.realtime(4_000_000_001L));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            version,            'major = 1',        'major = 2',        'line=12, column=17: expected 1, found 2'
            byte order,         '= le;',            '= be;',            'expected le, found be'
            number of a type,   'id = 17',          'id = 16',          'the number 16 is taken'
            number too large,   'id = 17',          'id = 4096',        'expected a number of 0 to 4095, found 4096'
            far too large,      'id = 17',          'id = 99999999999999999999', 'expected a number'
            level,              'loglevel = 14',    'loglevel = 5',     'expected 14, found 5'
            two fields,         '_status',          '_path',            'two have one name'
            no name of a field, '_status',          'status',           'expected the name of a field'
            kind,               'int32_t _status',  'int33_t _status',  'expected a field, found int33_t'
            label,              '"PUT it" = 1',     '"PUT it" = 2',     'expected 1, found 2'
            length of bytes,    '[___data_length]', '[__data_length]',   'expected ___data_length'
            a text's end,       '"http.request"',   '"http.request',    'the text has no end'
            frequency,          'freq = 1000000000', 'freq = 0',        'frequency=0, limit=1'
            uuid,               '"6f1b7a5e',        '"+f1b7a5e',        'expected a UUID'
            thread,             'thread_1 ',        'thread_4294967296 ', 'expected a number of 0 to 4294967295'
            another entry,      'thread_1 ',        'threat_1 ',        'expected the name of a thread'
            an escape,          '\\012',            '\\912',            'not an escape'
            """)
    void whatIsNotOursIsRefused(String what, String old, String changed, String complaint) {
        String text = SampleMetadata.of(CtfForm.PACKETS).text();
        assertThat(text).as(what).contains(old);
        assertThatThrownBy(() -> CtfMetadata.parse(text.replace(old, changed)))
                .isInstanceOf(CtfException.class)
                .hasMessageStartingWith("metadata: line=")
                .hasMessageContaining(complaint);
    }

    @Test
    void noTextIsTooLong() {
        assertThatThrownBy(() -> CtfMetadata.parse(" ".repeat((1 << 24) + 1)))
                .hasMessage("metadata: characters=16777217, limit=16777216");
    }

    @Test
    void eachBeginningIsRefused() {
        String text = SampleMetadata.of(CtfForm.RAW)
                .text()
                .substring(0, SampleMetadata.of(CtfForm.RAW).text().indexOf("event { name = \"http"))
                .strip();
        for (int i = 0; i < text.length(); i++) {
            String part = text.substring(0, i);
            assertThatThrownBy(() -> CtfMetadata.parse(part)).isInstanceOf(CtfException.class);
        }
    }

    @Test
    void namesOfThreadsCanBeReplaced() {
        CtfEnvironment environment =
                SampleMetadata.of(CtfForm.RAW).environment().withThreads(Map.of(9L, "x"));
        assertEquals(Map.of(9L, "x"), environment.threads());
        assertThatThrownBy(() -> environment.withThreads(Map.of(-1L, "x"))).hasMessageContaining("limit=0..4294967295");
    }
}
