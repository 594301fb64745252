package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.Relay;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Attributes;

class RootFilesTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    @Test
    void theRootHoldsItsFiles() throws ErrnoException {
        assertThat(fs.list("/"))
                .containsExactly("control", "channels", "buffers", "stats", "metrics", "error_log", "version");
        assertThat(fs.tree.resolve("/").attributes())
                .satisfies(root -> assertThat(root.inode()).isEqualTo(1))
                .satisfies(root -> assertThat(root.mode()).isEqualTo(Attributes.DIRECTORY | 0755))
                .satisfies(root -> assertThat(root.links()).isEqualTo(2));
        assertThat(fs.tree.resolve("/control").attributes().mode()).isEqualTo(Attributes.REGULAR | 0600);
        assertThat(fs.tree.resolve("/channels").attributes().mode()).isEqualTo(Attributes.REGULAR | 0444);
        assertThat(fs.tree.resolve("/error_log").attributes().mode()).isEqualTo(Attributes.REGULAR | 0600);
        assertThat(fs.tree.resolve("/version").attributes().mode()).isEqualTo(Attributes.REGULAR | 0444);
    }

    @Test
    void versionNamesProgramLayoutAndMapping() throws ErrnoException {
        assertThat(fs.read("/version"))
                .isEqualTo("relayfs " + Relay.version() + "\nlayout " + Relay.layoutVersion() + "\nmmap off\n");
    }

    @Test
    void controlHelpsItsReader() throws ErrnoException {
        assertThat(fs.read("/control")).contains("create NAME", "destroy NAME", "subbuf_size", "file_mode");
    }

    @Test
    void severalLinesAreCarriedOutInOrder() throws ErrnoException {
        fs.write(
                "/control",
                "create a global=1 subbuf_size=4K n_subbufs=2\n\ndisable a\ncreate b global=1\ndestroy b\n");
        assertThat(fs.read("/a/enabled")).isEqualTo("0\n");
        assertThat(fs.exists("/b")).isFalse();
        fs.write("/control", "enable a");
        assertThat(fs.read("/a/enabled")).isEqualTo("1\n");
    }

    @Test
    void flushAndResetReachTheChannel() throws ErrnoException {
        fs.write("/control", "create a global=1 subbuf_size=4K n_subbufs=2");
        fs.write("/a/write", "record");
        assertThat(fs.readCounter("/a/cpu0.produced")).isZero();
        fs.write("/control", "flush a\n");
        assertThat(fs.readCounter("/a/cpu0.produced")).isEqualTo(1);
        fs.write("/control", "reset a\n");
        assertThat(fs.readCounter("/a/cpu0.produced")).isZero();
    }

    @Test
    void channelsIsATableOfAllDirectories() throws ErrnoException {
        fs.makeDirectory("/app");
        fs.write(
                "/control",
                "create web/http global=1 subbuf_size=4K n_subbufs=2 mode=overwrite header=padding4 files=/trace");
        fs.write("/web/http/subbuf_size", "8192");
        fs.write("/control", "disable web/http");
        String reserved =
                Long.toString(fs.relay.channel("web/http").orElseThrow().reservedBytes());
        assertThat(fs.read("/channels").lines().map(line -> line.split(" +")))
                .containsExactly(
                        new String[] {
                            "name",
                            "state",
                            "subbuf_size",
                            "n_subbufs",
                            "mode",
                            "buffers",
                            "reserved",
                            "header",
                            "files"
                        },
                        new String[] {"app", "not-created", "262144", "8", "no-overwrite", "0", "0", "none", "."},
                        new String[] {
                            "web/http", "disabled", "4096", "2", "overwrite", "1", reserved, "padding4", "/trace"
                        });
    }

    @Test
    void writingToTheErrorLogClearsIt() throws ErrnoException {
        refusal(() -> fs.write("/control", "nonsense\n"));
        assertThat(fs.read("/error_log")).contains(" EINVAL /control \"nonsense\" command: ");
        fs.write("/error_log", "\n");
        assertThat(fs.read("/error_log")).isEmpty();
    }
}
