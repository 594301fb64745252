package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.tree.MountedTree.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

class ChannelNameTest {
    @Test
    void aNameIsComponentsJoinedBySlashes() throws ErrnoException {
        assertThat(ChannelName.parse("web/http-2/_x.y")).containsExactly("web", "http-2", "_x.y");
        assertThat(ChannelName.parse("x".repeat(64))).hasSize(1);
        assertThat(ChannelName.parse("1/2/3/4/5/6/7/8")).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", ".a", "-a", "a b", "a\nb", "a\0", "ä", "a*"})
    void otherCharactersAreRefused(String name) {
        assertThat(refusal(() -> ChannelName.parse(name))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void lengthAndDepthAreBounded() {
        String component = "x".repeat(64);
        assertThat(refusal(() -> ChannelName.parse(component + "x"))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refusal(() -> ChannelName.parse("1/2/3/4/5/6/7/8/9"))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refusal(() -> ChannelName.parse(String.join("/", component, component, component, component))))
                .isEqualTo(Errno.ENAMETOOLONG);
    }
}
