package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.STRANGER;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;

class ProgramDirectoriesTest {
    private static final String SMALL = " subbuf_size=4K n_subbufs=2 global=1";

    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private Directory hold(String path, int mode) throws ErrnoException {
        return fs.tree.program().hold(ChannelName.of(path), mode);
    }

    @Test
    void itIsEmptyAndNoChannels() throws ErrnoException {
        Directory made = hold("myapp/block", 0750);
        assertThat(fs.tree.resolve("/myapp/block")).isSameAs(made);
        assertThat(made.attributes().mode()).isEqualTo(Attributes.DIRECTORY | 0750);
        assertThat(made.attributes().uid()).isEqualTo(OWNER.uid());
        assertThat(fs.list("/myapp")).containsExactly("block");
        assertThat(fs.list("/myapp/block")).isEmpty();
        assertThat(fs.read("/channels").lines()).hasSize(1);
    }

    @Test
    void itStaysUntilTheProgramLetsItGo() throws Exception {
        Directory made = hold("a/b", 0755);
        fs.write("/control", "create a/b/c" + SMALL + "\ndestroy a/b/c");
        assertThat(fs.list("/a/b")).isEmpty();
        fs.tree.program().letGo(made);
        assertThat(fs.exists("/a")).isFalse();
        fs.tree.program().letGo(made);
        assertThat(fs.tree.resolve("/").attributes().links()).isEqualTo(2);
    }

    @Test
    void rmdirIsRefusedAndSaysWhy() throws ErrnoException {
        hold("a/b", 0777);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a/b", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a/b", STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(fs.read("/error_log")).contains(" EBUSY /a/b \"rmdir\" directory /a/b: belongs to the program");
        assertThat(fs.list("/a")).containsExactly("b");
    }

    @Test
    void channelsComeAndGoInIt() throws Exception {
        Directory made = hold("a", 0755);
        RelayChannel channel = fs.relay.open("a/x", ChannelConfig.of(4096, 2).withGlobal(true));
        fs.makeDirectory("/a/y");
        assertThat(fs.list("/a")).containsExactly("x", "y");
        fs.tree.program().letGo(made);
        assertThat(fs.list("/a"))
                .as("what is in it is not the program's to remove")
                .containsExactly("x", "y");
        channel.close();
        fs.tree.removeDirectory("/a/y", OWNER);
        assertThat(fs.exists("/a")).isFalse();
    }

    /// It takes the channel's files in and gives them up again; it is there before and after.
    @Test
    void aChannelOfItsNameTakesItsPlaceInIt() throws Exception {
        Directory made = hold("a", 0711);
        fs.write("/control", "create a" + SMALL);
        assertThat(fs.list("/a")).contains("cpu0", "create");
        assertThat(refusal(() -> fs.tree.removeDirectory("/a", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(fs.relay.channel("a")).as("refused before anything happens").isPresent();
        fs.write("/control", "destroy a");
        assertThat(fs.list("/a")).isEmpty();
        assertThat(made.attributes().permissions()).isEqualTo(0711);
        fs.write("/control", "create a" + SMALL);
        fs.tree.program().letGo(made);
        assertThat(fs.list("/a")).contains("cpu0");
        fs.write("/control", "destroy a");
        assertThat(fs.exists("/a")).isFalse();
    }

    @Test
    void oneThatWasMadeForWhatIsBelowBecomesTheProgramsOwn() throws ErrnoException {
        fs.write("/control", "create a/b" + SMALL);
        Directory made = hold("a", 0700);
        assertThat(made.attributes().permissions()).isEqualTo(0700);
        fs.write("/control", "destroy a/b");
        assertThat(fs.list("/a")).isEmpty();
    }

    @Test
    void namesOfOthersAreRefused() throws ErrnoException {
        fs.makeDirectory("/a");
        hold("b", 0755);
        assertThat(refusal(() -> hold("a", 0755))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> hold("b", 0755))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> hold("control", 0755))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> hold("a/cpu7", 0755))).isEqualTo(Errno.EEXIST);
        assertThat(refusal(() -> hold("a/stats/x", 0755))).isEqualTo(Errno.ENOTDIR);
        assertThat(refusal(() -> fs.makeDirectory("/b"))).isEqualTo(Errno.EEXIST);
        assertThat(fs.list("/a")).doesNotContain("cpu7");
    }

    @Test
    void itsModeAndOwnerDecideAsInAllDirectories() throws ErrnoException {
        hold("a", 0755);
        assertThat(refusal(() -> fs.tree.makeDirectory("/a/b", 0755, STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.change("/a", AttributeChange.ofMode(0777), STRANGER)))
                .isEqualTo(Errno.EPERM);
        fs.change("/a", AttributeChange.ofMode(0777), OWNER);
        fs.tree.makeDirectory("/a/b", 0755, STRANGER);
        assertThat(fs.tree.resolve("/a").attributes().links()).isEqualTo(3);
    }
}
