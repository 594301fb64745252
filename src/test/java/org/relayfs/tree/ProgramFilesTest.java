package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.STRANGER;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.handler.HandlerLimits;

class ProgramFilesTest {
    private static final String SMALL = " subbuf_size=4K n_subbufs=2 global=1";
    private static final ProgramHandlers TEXT =
            new ProgramHandlers(() -> "text\n".getBytes(StandardCharsets.US_ASCII), null);

    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private ProgramFile make(String path) throws ErrnoException {
        return fs.tree.program().makeFile(ChannelName.of(path), 0640, TEXT);
    }

    @Test
    void itIsWhereItWasPutWithTheOwnerOfItsDirectory() throws ErrnoException {
        fs.tree.makeDirectory("/strange", 0777, MountedTree.ROOT);
        ProgramFile file = make("strange/own");
        assertThat(file.path()).isEqualTo("/strange/own");
        assertThat(fs.list("/strange")).contains("own", "create");
        assertThat(fs.tree.resolve("/strange/own").attributes())
                .matches(a -> a.permissions() == 0640 && a.uid() == 0 && a.size() == 0 && a.links() == 1);
        assertThat(refusal(() -> fs.open("/strange/own", 0, STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.open("/strange/own", 1, MountedTree.ROOT)))
                .as("it cannot be written")
                .isEqualTo(Errno.EACCES);
        assertThat(make("top").path()).isEqualTo("/top");
        fs.tree.program().remove(file);
        assertThat(fs.exists("/strange/own")).isFalse();
        fs.tree.program().remove(file);
        assertThat(make("strange/own").isPresent()).isTrue();
    }

    @Test
    void namesThatAreTakenOrMayBeAreRefused() throws ErrnoException {
        fs.write("/control", "create a" + SMALL + " base=trace");
        make("a/own");
        for (String path :
                List.of("a", "control", "version", "a/own", "a/create", "a/stats", "a/trace0", "a/trace77.produced")) {
            assertThat(refusal(() -> make(path))).as(path).isEqualTo(Errno.EEXIST);
        }
        assertThat(refusal(() -> make("b/own"))).isEqualTo(Errno.ENOENT);
        assertThat(refusal(() -> make("a/own/own"))).isEqualTo(Errno.ENOENT);
        assertThat(refusal(() -> fs.makeDirectory("/a/own"))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> fs.write("/control", "create a/own" + SMALL))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> fs.write("/control", "create a/own/b" + SMALL)))
                .isEqualTo(Errno.ENOTDIR);
        assertThat(fs.list("/a")).contains("own").doesNotContain("b");
    }

    /// In a directory without a channel any name is free; a channel cannot come there then.
    @Test
    void aFileWithTheNameOfAChannelsFileKeepsAChannelAway() throws Exception {
        fs.tree.program().hold(ChannelName.of("own"), 0755);
        ProgramFile create = make("own/create");
        ProgramFile cpu = make("own/cpu0");
        assertThat(refusal(() -> fs.write("/control", "create own" + SMALL))).isEqualTo(Errno.EEXIST);
        assertThat(fs.read("/error_log")).contains("has the name of a file of the channel; remove it");
        assertThat(fs.relay.channels()).isEmpty();
        try (RelayChannel hidden = fs.relay.open("own", ChannelConfig.of(4096, 2))) {
            assertThat(hidden.isClosed()).isFalse();
            assertThat(fs.list("/own")).containsExactly("cpu0", "create");
        }
        fs.tree.program().remove(create);
        assertThat(refusal(() -> fs.write("/control", "create own" + SMALL))).isEqualTo(Errno.EEXIST);
        fs.tree.program().remove(cpu);
        fs.write("/control", "create own" + SMALL);
        assertThat(fs.list("/own")).contains("cpu0", "create");
    }

    /// A directory that is there only for what is in it goes with the last file, too.
    @Test
    void aFileIsAReasonForItsDirectory() throws ErrnoException {
        fs.write("/control", "create a/b" + SMALL);
        ProgramFile file = make("a/own");
        fs.write("/control", "destroy a/b");
        assertThat(fs.list("/a")).containsExactly("own");
        fs.tree.program().remove(file);
        assertThat(fs.exists("/a")).isFalse();
    }

    @Test
    void theNumberOfFilesAndDirectoriesIsLimited() throws ErrnoException {
        List<ProgramFile> made = new ArrayList<>();
        Directory directory = fs.tree.program().hold(ChannelName.of("d"), 0755);
        for (int i = 1; i < HandlerLimits.DEFAULT.maxFiles(); i++) {
            made.add(make("d/f" + i));
        }
        assertThatThrownBy(() -> make("one"))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC))
                .hasMessageContaining("count=4096, limit=4096; close some");
        assertThat(refusal(() -> fs.tree.program().hold(ChannelName.of("e"), 0755)))
                .isEqualTo(Errno.ENOSPC);
        fs.tree.program().remove(made.getFirst());
        fs.tree.program().remove(made.getFirst());
        make("one");
        assertThat(refusal(() -> make("two"))).isEqualTo(Errno.ENOSPC);
        fs.tree.program().letGo(directory);
        assertThat(made).noneMatch(ProgramFile::isPresent);
        make("two");
        assertThat(fs.exists("/d")).isFalse();
    }

    @Test
    void afterTheEndNothingIsMade() throws ErrnoException {
        ProgramFile file = make("own");
        fs.tree.program().end();
        fs.tree.program().end();
        assertThat(refusal(() -> make("more"))).isEqualTo(Errno.ESHUTDOWN);
        assertThat(refusal(() -> fs.tree.program().hold(ChannelName.of("d"), 0755)))
                .isEqualTo(Errno.ESHUTDOWN);
        file.change();
        fs.tree.program().remove(file);
        assertThat(fs.open("/version", 0, OWNER)).isNotNull();
    }
}
