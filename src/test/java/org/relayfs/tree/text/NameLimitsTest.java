package org.relayfs.tree.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

class NameLimitsTest {
    @Test
    void aNameIsComponentsJoinedBySlashes() throws ErrnoException {
        assertThat(NameLimits.parse("web/http-2/_x.y").components()).containsExactly("web", "http-2", "_x.y");
        assertThat(NameLimits.parse("x".repeat(64)).components()).hasSize(1);
        assertThat(NameLimits.parse("1/2/3/4/5/6/7/8").components()).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", ".a", "-a", "a b", "a\nb", "a\0", "ä", "a*"})
    void otherCharactersAreRefused(String name) {
        assertThat(refusal(() -> NameLimits.parse(name))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void lengthAndDepthAreBounded() {
        String component = "x".repeat(64);
        assertThat(refusal(() -> NameLimits.parse(component + "x"))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refusal(() -> NameLimits.parse("1/2/3/4/5/6/7/8/9"))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refusal(() -> NameLimits.parse(String.join("/", component, component, component, component))))
                .isEqualTo(Errno.ENAMETOOLONG);
    }
}
