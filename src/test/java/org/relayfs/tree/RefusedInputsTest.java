package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.relayfs.testing.Refusal.refusal;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.relayfs.Relay;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.Text;

/// Refused input has the right errno, one line in `error_log`, and changes nothing.
class RefusedInputsTest {
    private static final long QUOTA = 16 << 20;

    private MountedTree fs;

    /// `app` is not created, `live` is, `off` is disabled.
    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree(Relay.create(QUOTA), MountedTree.MAX_CHANNELS);
        fs.makeDirectory("/app");
        fs.write("/control", """
                create live subbuf_size=4K n_subbufs=2 global=1
                create off subbuf_size=4K n_subbufs=2 global=1
                disable off
                """);
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("/control", "create x colour=red", Errno.EINVAL, "key: value=\"colour\""),
                arguments("/control", "create x subbuf_size=0", Errno.EINVAL, "subbuf_size: value=\"0\", limit=1 to"),
                arguments("/control", "create x subbuf_size=16M global=1", Errno.EDQUOT, ""),
                arguments("/control", "create ../x", Errno.EINVAL, "name: value=\"..\""),
                arguments("/control", "create x/../y", Errno.EINVAL, "name: value=\"..\""),
                arguments("/control", "create /x", Errno.EINVAL, "name: value=\"\""),
                arguments("/control", "create x/", Errno.EINVAL, "name: value=\"\""),
                arguments("/control", "create " + "x".repeat(65), Errno.ENAMETOOLONG, "name: length=65, limit=64"),
                arguments("/control", "create " + "x/".repeat(8) + "x", Errno.ENAMETOOLONG, "name: depth=9, limit=8"),
                arguments("/control", "create x n_subbufs=-1", Errno.EINVAL, "n_subbufs: value=\"-1\""),
                arguments("/control", "create x n_subbufs=8x", Errno.EINVAL, "n_subbufs: value=\"8x\""),
                arguments("/control", "create x n_subbufs=99999999999999999999", Errno.EINVAL, "limit=1 to 524288"),
                arguments("/control", "create x subbuf_size=2G n_subbufs=2", Errno.EINVAL, "limit=2147483648 bytes"),
                arguments("/control", "create x mode=append", Errno.EINVAL, "limit=no-overwrite or overwrite"),
                arguments("/control", "create x file_mode=888", Errno.EINVAL, "file_mode: value=\"888\""),
                arguments("/control", "create x base=a/b", Errno.EINVAL, "base: value=\"a/b\""),
                arguments("/control", "create live", Errno.EEXIST, "channel: value=\"live\" exists"),
                arguments("/control", "create version", Errno.EEXIST, "name: value=\"version\""),
                arguments("/control", "create control/x", Errno.ENOTDIR, "name: value=\"control\""),
                arguments("/control", "create live/cpu0", Errno.EEXIST, "name: value=\"cpu0\""),
                arguments("/control", "create", Errno.EINVAL, "create needs a channel name"),
                arguments("/control", "create x y", Errno.EINVAL, "setting: value=\"y\""),
                arguments("/control", "destroy no", Errno.ENOENT, "channel: value=\"no\" is not created"),
                arguments("/control", "destroy app", Errno.ENOENT, "channel: value=\"app\" is not created"),
                arguments("/control", "flush app", Errno.ENOENT, "channel: value=\"app\" is not created"),
                arguments("/control", "enable no now", Errno.EINVAL, "enable takes none"),
                arguments("/control", "erase live", Errno.EINVAL, "command: value=\"erase\""),
                arguments("/control", "", Errno.EINVAL, "command: the write was empty"),
                arguments("/control", "create x" + " ".repeat(70000), Errno.EINVAL, "limit=65536"),
                arguments("/app/subbuf_size", "0", Errno.EINVAL, "subbuf_size: value=\"0\""),
                arguments("/app/subbuf_size", "", Errno.EINVAL, "subbuf_size: value=\"\""),
                arguments("/app/subbuf_size", "-4096", Errno.EINVAL, "subbuf_size: value=\"-4096\""),
                arguments("/app/n_subbufs", "8 ", Errno.EINVAL, "n_subbufs: value=\"8 \""),
                arguments("/app/n_subbufs", "00000000000000008", Errno.EINVAL, "n_subbufs: length=17, limit=16"),
                arguments("/app/mode", "Overwrite", Errno.EINVAL, "limit=no-overwrite or overwrite"),
                arguments("/app/global", "2", Errno.EINVAL, "global: value=\"2\", limit=0 to 1"),
                arguments("/app/header", "size_t", Errno.EINVAL, "limit=none or padding or padding4"),
                arguments("/app/create", "yes", Errno.EINVAL, "create: value=\"yes\""),
                arguments("/app/enabled", "on", Errno.EINVAL, "enabled: value=\"on\""),
                arguments("/app/blocking", "-1", Errno.EINVAL, "blocking: value=\"-1\""),
                arguments("/app/flush_interval_ms", "1.5", Errno.EINVAL, "flush_interval_ms: value=\"1.5\""),
                arguments("/app/size_reporting", "big", Errno.EINVAL, "limit=relay or buffer or all"),
                arguments("/app/write", "record", Errno.ESHUTDOWN, "channel app: not created"),
                arguments("/app/flush", "1", Errno.ESHUTDOWN, "channel app: not created"),
                arguments("/app/reset", "1", Errno.ESHUTDOWN, "channel app: not created"),
                arguments("/off/write", "record", Errno.ESHUTDOWN, "channel off: disabled"),
                arguments("/live/write", "x".repeat(4097), Errno.EMSGSIZE, "record: length=4097, limit=4096"),
                arguments("/live/cpu0.consumed", "1\n", Errno.EINVAL, "consumed: length=2, limit=8"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusedInputHasItsErrnoAndItsLineAndChangesNothing(String path, String text, Errno errno, String reason)
            throws ErrnoException {
        String before = state();
        assertThat(refusal(() -> fs.write(path, text))).isEqualTo(errno);
        assertThat(fs.read("/error_log").lines())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line)
                        .contains(" " + errno + " " + path + " \"")
                        .contains(reason)
                        .hasSizeLessThan(1000));
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aNameCannotHoldANewline() throws ErrnoException {
        assertThat(refusal(() -> fs.write("/control", "create x global=1 subbuf_size=4K\ny\n")))
                .isEqualTo(Errno.EINVAL);
        assertThat(fs.exists("/x"))
                .as("the line before the refused one stays done")
                .isTrue();
        assertThat(fs.read("/error_log").lines()).hasSize(1).first().asString().contains("\"y\" command: value=\"y\"");
    }

    @Test
    void theLinesAfterARefusedOneAreNotCarriedOut() {
        assertThat(refusal(() -> fs.write("/control", "destroy no\ncreate x global=1")))
                .isEqualTo(Errno.ENOENT);
        assertThat(fs.exists("/x")).isFalse();
    }

    @Test
    void aFailedCreationFailsTheWriteAndStandsInTheLog() throws ErrnoException {
        fs.write("/app/subbuf_size", "64M");
        fs.write("/app/global", "1");
        assertThat(refusal(() -> fs.write("/app/create", "1\n"))).isEqualTo(Errno.EDQUOT);
        assertThat(fs.read("/app/create")).isEqualTo("0\n");
        assertThat(fs.read("/error_log").lines())
                .hasSize(1)
                .first()
                .asString()
                .contains(" EDQUOT /app/create \"1\\n\" ");
    }

    /// Field case 10: a `create` that fails leaves the channel as it was.
    @Test
    void aCreateThatFailsLeavesTheChannelAsItWas() throws Exception {
        fs.write("/live/write", "kept");
        Node before = fs.tree.resolve("/live/cpu0");
        fs.write("/live/subbuf_size", "64M");
        assertThat(refusal(() -> fs.write("/live/create", "1"))).isEqualTo(Errno.EDQUOT);
        fs.write("/live/subbuf_size", "2G");
        assertThat(refusal(() -> fs.write("/live/create", "1"))).isEqualTo(Errno.EINVAL);
        assertThat(fs.tree.resolve("/live/cpu0")).isSameAs(before);
        assertThat(((RelayFile) before).isRemoved()).isFalse();
        assertThat(Text.read(((RelayFile) before).buffer())).isEqualTo("kept");
        fs.write("/live/write", "and goes on");
        fs.write("/control", "destroy live");
        assertThat(fs.exists("/live")).as("nobody has asked that it stay").isFalse();
    }

    /// The quota counts as if the old one were gone, as it is when this is over.
    @Test
    void aCreateMayTakeWhatTheOldChannelHad() throws ErrnoException {
        fs.write("/live/subbuf_size", "3M");
        fs.write("/live/n_subbufs", "4");
        fs.write("/live/create", "1");
        long reserved = fs.relay.reservedBytes();
        fs.write("/live/create", "1");
        assertThat(fs.relay.reservedBytes()).isEqualTo(reserved).isGreaterThan(QUOTA / 2);
        fs.write("/live/create", "0");
        fs.write("/control", "destroy off");
        assertThat(fs.relay.reservedBytes()).isZero();
    }

    @Test
    void aFullBufferAsksToTryAgain() throws ErrnoException {
        fs.write("/live/write", "x".repeat(4096));
        fs.write("/live/write", "x".repeat(4096));
        assertThat(refusal(() -> fs.write("/live/write", "x"))).isEqualTo(Errno.EAGAIN);
        assertThat(fs.read("/error_log")).contains(" EAGAIN /live/write \"x\" channel live: the buffer is full");
    }

    @Test
    void aSubdirectoryWithTheNameOfARelayFileStandsInTheWay() throws ErrnoException {
        fs.write("/control", "create dir/trace0 global=1 subbuf_size=4K");
        assertThat(refusal(() -> fs.write("/control", "create dir base=trace global=1")))
                .isEqualTo(Errno.EEXIST);
        fs.write("/control", "create dir global=1 subbuf_size=4K");
    }

    private String state() throws ErrnoException {
        StringBuilder state = new StringBuilder(fs.read("/channels")).append(fs.list("/"));
        for (String name : fs.list("/app")) {
            if (!List.of("write", "flush", "reset", "resize").contains(name)) {
                state.append(name).append(' ').append(fs.read("/app/" + name));
            }
        }
        return state.append(fs.readCounter("/live/cpu0.produced"))
                .append(fs.readCounter("/live/cpu0.consumed"))
                .toString();
    }
}
