package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Refusal.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelMode;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.FileSettings;

class ControlCommandTest {
    @Test
    void createTakesAllSettings() throws ErrnoException {
        ControlCommand command = ControlCommand.parse("create a/b  subbuf_size=64K n_subbufs=4 mode=overwrite\tglobal=1"
                + " header=padding4 format=records base=trace file_mode=0440 files=/a/b numbered=0 plain=1");
        assertThat(command.verb()).isEqualTo(ControlCommand.Verb.CREATE);
        assertThat(command.name()).isEqualTo(ChannelName.of("a/b"));
        assertThat(command.applyTo(ChannelSettings.DEFAULT))
                .isEqualTo(new ChannelSettings(
                        65536,
                        4,
                        ChannelMode.OVERWRITE,
                        true,
                        4,
                        false,
                        new FileSettings("trace", 0440, "/a/b", false, true)));
    }

    @Test
    void settingsThatAreNotGivenStayAsTheyWere() throws ErrnoException {
        ChannelSettings base = new ChannelSettings(
                4096, 2, ChannelMode.OVERWRITE, true, 8, false, new FileSettings("x", 0444, null, true, false));
        assertThat(ControlCommand.parse("create a n_subbufs=3").applyTo(base))
                .isEqualTo(new ChannelSettings(
                        4096,
                        3,
                        ChannelMode.OVERWRITE,
                        true,
                        8,
                        false,
                        new FileSettings("x", 0444, null, true, false)));
    }

    @ParameterizedTest
    @EnumSource(ControlCommand.Verb.class)
    void everyVerbTakesAName(ControlCommand.Verb verb) throws ErrnoException {
        String settings = verb == ControlCommand.Verb.RESIZE ? "n_subbufs=3" : "";
        assertThat(ControlCommand.parse(" " + verb.word() + " app " + settings).verb())
                .isEqualTo(verb);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "make a",
                "CREATE a",
                "destroy a b",
                "create a subbuf_size",
                "create a =1",
                "create a subbuf_size=",
                "create a subbuf_size=0",
                "create a subbuf_size=3G",
                "create a n_subbufs=-1",
                "create a n_subbufs=8x",
                "create a n_subbufs=524289",
                "create a mode=append",
                "create a global=2",
                "create a header=4",
                "create a base=a/b",
                "create a base=..",
                "create a file_mode=999",
                "create a file_mode=1777",
                "create a colour=red",
                "create a blocking=2",
                "create a flush_interval_ms=86400001",
                "create a size_reporting=large",
                "create a blocking=1 blocking=1",
                "create a n_subbufs=1 n_subbufs=2",
                "create a\r"
            })
    void whatIsNotInTheGrammarIsRefused(String line) {
        assertThat(refusal(() -> ControlCommand.parse(line))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void anUnknownKeyIsToldAllThatThereAre() {
        assertThatThrownBy(() -> ControlCommand.parse("create a colour=red"))
                .hasMessageContaining(
                        "limit=subbuf_size, n_subbufs, mode, global, header, format, base, file_mode, files, numbered, plain, blocking, "
                                + "blocking_writes, flush_interval_ms, size_reporting; ");
    }

    @Test
    void aLineIsBounded() {
        assertThat(refusal(() -> ControlCommand.parse("create a " + " ".repeat(ControlCommand.MAX_LENGTH))))
                .isEqualTo(Errno.EINVAL);
    }
}
