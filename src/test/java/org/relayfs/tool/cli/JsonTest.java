package org.relayfs.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Field case 24: `--json` writes what others read.
final class JsonTest {
    @Test
    void aParserReadsWhatWasWritten() throws Exception {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a \"b\" \\ \n\t\u0001 gr\u00fcn \ud83d\ude00 \ud800");
        value.put("none", null);
        value.put("numbers", List.of(Long.MAX_VALUE, -1, 0.25));
        value.put("truth", true);
        value.put("empty", List.of(Map.of(), List.of()));

        String json = Json.of(value);

        assertThat(json).doesNotContain("\n");
        Map<?, ?> read = new ObjectMapper().readValue(json, Map.class);
        assertThat(read.get("text")).isEqualTo(value.get("text"));
        assertThat(read.get("none")).isNull();
        assertThat(read.keySet()).hasSize(5);
        assertThat(read.get("numbers")).isEqualTo(List.of(Long.MAX_VALUE, -1, 0.25));
        assertThat(read.get("truth")).isEqualTo(true);
        assertThat(read.get("empty")).isEqualTo(List.of(Map.of(), List.of()));
    }

    @Test
    void whatIsNoNumberInJsonIsNull() {
        assertThat(Json.of(List.of(Double.NaN, Double.POSITIVE_INFINITY, 1.5))).isEqualTo("[null,null,1.5]");
    }
}
