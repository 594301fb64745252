package org.relayfs.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    @Test
    void allButTheOutputIsHookedUnlessItIsSwitchedOff() {
        Options options = Options.of("path=/mnt/relay/app,whenFull=block(5s)");
        assertThat(options.hooked()).containsExactly(Options.EXCEPTIONS, Options.JUL, Options.LOGBACK, Options.LOG4J);
        assertThat(options.keepsJul()).isFalse();
        assertThat(options.jfr()).isNull();
        assertThat(options.logging()).isEqualTo(Map.of("path", "/mnt/relay/app", "whenFull", "block(5s)"));
    }

    @Test
    void eachIsSwitched() {
        Options options = Options.of("exceptions=off,logback=off,log4j=off,output=on,jul=on,jfr=profile");
        assertThat(options.hooked()).containsExactly(Options.JUL, Options.OUTPUT);
        assertThat(options.keepsJul()).isTrue();
        assertThat(options.jfr()).isEqualTo("profile");
        assertThat(Options.of("jfr=off").jfr()).isNull();
    }

    @Test
    void whatIsNoneIsSaidWithTheLimit() {
        for (String words : new String[] {null, "", "path", "=x", "path=/a/b,,x=y"}) {
            assertThatThrownBy(() -> Options.of(words)).hasMessageContaining("limit=name=value,...");
        }
        assertThatThrownBy(() -> Options.of("output=yes")).hasMessage("output: value=\"yes\", limit=on or off");
        assertThatThrownBy(() -> Options.of("jul=on,jul=off")).hasMessageContaining("second of this name");
    }
}
