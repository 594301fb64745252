package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;

class LogSettingsTest {
    @Test
    void aNameIsEnough() {
        assertThat(LogSettings.of(Map.of("channel", "app")))
                .isEqualTo(new LogSettings(
                        "app",
                        null,
                        ChannelConfig.DEFAULT_SUB_BUFFER_SIZE,
                        ChannelConfig.DEFAULT_SUB_BUFFER_COUNT,
                        ChannelMode.NO_OVERWRITE,
                        Duration.ZERO));
    }

    @Test
    void whatIsSaidIsTaken() {
        assertThat(LogSettings.of(Map.of(
                        "path", "/mnt/relay/a/b",
                        "subbufSize", "64K",
                        "nSubbufs", " 16 ",
                        "mode", "overwrite",
                        "whenFull", "block(1500ms)")))
                .isEqualTo(new LogSettings(
                        null, Path.of("/mnt/relay/a/b"), 65_536, 16, ChannelMode.OVERWRITE, Duration.ofMillis(1500)));
    }

    @Test
    void emptyTextsAreSettingsThatAreNotThere() {
        Map<String, String> values = new HashMap<>(Map.of("channel", "app", "path", "", "mode", " "));
        values.put("whenFull", null);
        assertThat(LogSettings.of(values)).isEqualTo(LogSettings.of(Map.of("channel", "app")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subbufSize | 255           | subbufSize: value="255", limit=256 to 2147483648; write bytes, or
            subbufSize | lots          | subbufSize: value="lots", limit=256 to 2147483648; write bytes, or
            nSubbufs   | 0             | nSubbufs: value="0", limit=1 to 524288; write a decimal number
            nSubbufs   | eight         | nSubbufs: value="eight", limit=1 to 524288; write a decimal number
            mode       | both          | mode: value="both", limit=
            whenFull   | wait          | whenFull: value="wait", limit=drop, or block(TIME) of 1ms to 60m; write,
            whenFull   | block(0s)     | whenFull: value="block(0s)", limit=
            whenFull   | block(61m)    | whenFull: value="block(61m)", limit=
            whenFull   | block(5)      | whenFull: value="block(5)", limit=
            path       | /mnt/relay/a  | limit=one of them; name a channel of this JVM, or the path
            channel    | a b           | a b
            color      | red           | setting: name="color", limit=channel path subbufSize
            """)
    void whatIsNoneIsRefusedWithTheLimit(String name, String value, String message) {
        Map<String, String> values = new HashMap<>(Map.of("channel", "app"));
        values.put(name, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogSettings.of(values))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"relay/app", "/app"})
    void aPathIsOneBelowAMount(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogSettings.of(Map.of("path", path)))
                .withMessageContaining("limit=an absolute path below a mount; write, for example, /mnt/relay/app");
    }

    @Test
    void aPlaceIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogSettings.of(Map.of()))
                .withMessageContaining("channel=null, path=null, limit=one of them");
    }
}
