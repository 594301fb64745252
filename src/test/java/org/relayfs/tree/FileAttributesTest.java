package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.O_RDONLY;
import static org.relayfs.tree.MountedTree.O_RDWR;
import static org.relayfs.tree.MountedTree.O_WRONLY;
import static org.relayfs.tree.MountedTree.ROOT;
import static org.relayfs.tree.MountedTree.STRANGER;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;

/// Modes, owners, times and sizes of a channel's files, and who may open them.
class FileAttributesTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
        fs.makeDirectory("/app");
        fs.write("/control", "create app subbuf_size=4096 n_subbufs=4 global=1");
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    @Test
    void theFilesHaveTheModesOfTheirTable() throws ErrnoException {
        Map<String, Integer> modes = Map.ofEntries(
                Map.entry("subbuf_size", 0600),
                Map.entry("n_subbufs", 0600),
                Map.entry("mode", 0600),
                Map.entry("global", 0600),
                Map.entry("header", 0600),
                Map.entry("format", 0600),
                Map.entry("create", 0600),
                Map.entry("enabled", 0600),
                Map.entry("dropped", 0400),
                Map.entry("stats", 0400),
                Map.entry("memory", 0400),
                Map.entry("metadata", 0400),
                Map.entry("events", 0600),
                Map.entry("flush", 0200),
                Map.entry("reset", 0200),
                Map.entry("resize", 0200),
                Map.entry("write", 0200),
                Map.entry("blocking", 0600),
                Map.entry("blocking_writes", 0600),
                Map.entry("flush_interval_ms", 0600),
                Map.entry("size_reporting", 0600),
                Map.entry("cpu0", 0400),
                Map.entry("cpu0.produced", 0400),
                Map.entry("cpu0.consumed", 0600));
        assertThat(fs.list("/app")).containsExactlyInAnyOrderElementsOf(modes.keySet());
        for (Map.Entry<String, Integer> file : modes.entrySet()) {
            assertThat(fs.tree.resolve("/app/" + file.getKey()).attributes())
                    .as(file.getKey())
                    .satisfies(a -> assertThat(a.mode()).isEqualTo(Attributes.REGULAR | file.getValue()))
                    .satisfies(a -> assertThat(a.uid()).isEqualTo(1000))
                    .satisfies(a -> assertThat(a.size()).isZero())
                    .satisfies(a -> assertThat(a.links()).isEqualTo(1));
        }
    }

    @Test
    void sizesCanBeCut() throws ErrnoException {
        fs.change("/app/subbuf_size", AttributeChange.ofSize(0), OWNER);
        assertThat(fs.read("/app/subbuf_size")).isEqualTo("4096\n");
        assertThat(refusal(() -> fs.change("/app/subbuf_size", AttributeChange.ofSize(5), OWNER)))
                .isEqualTo(Errno.EINVAL);
        assertThat(refusal(() -> fs.change("/app/stats", AttributeChange.ofSize(0), ROOT)))
                .isEqualTo(Errno.EACCES);
        fs.change("/app/cpu0", AttributeChange.ofSize(77), ROOT);
        assertThat(fs.tree.resolve("/app/cpu0").attributes().size()).isEqualTo(77);
    }

    @Test
    void attributesAreKeptByFile() throws ErrnoException {
        for (String path : fs.list("/app").stream().map(name -> "/app/" + name).toList()) {
            fs.change(path, new AttributeChange(0444, 7, 8, null, 1_500_000_000L, 2_500_000_000L, false, false), ROOT);
            assertThat(fs.tree.resolve(path).attributes())
                    .satisfies(a -> assertThat(a.mode()).isEqualTo(Attributes.REGULAR | 0444))
                    .satisfies(a -> assertThat(a.uid()).isEqualTo(7))
                    .satisfies(a -> assertThat(a.gid()).isEqualTo(8))
                    .satisfies(a -> assertThat(a.atimeNs()).isEqualTo(1_500_000_000L))
                    .satisfies(a -> assertThat(a.mtimeNs()).isEqualTo(2_500_000_000L));
        }
    }

    @Test
    void onlyThoseMayOpenWhoseBitsAllowIt() throws ErrnoException {
        assertThat(refusal(() -> fs.open("/app/subbuf_size", O_RDONLY, STRANGER)))
                .isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.open("/app/stats", O_WRONLY, OWNER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.open("/app/stats", O_WRONLY, ROOT))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.open("/app/flush", O_RDONLY, ROOT))).isEqualTo(Errno.EACCES);
        RelayFile cpu0 = (RelayFile) fs.tree.resolve("/app/cpu0");
        cpu0.checkOpen(O_RDONLY, OWNER);
        cpu0.checkOpen(O_RDWR, ROOT);
        assertThat(refusal(() -> cpu0.checkOpen(O_RDWR, OWNER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> cpu0.checkOpen(O_RDONLY, STRANGER))).isEqualTo(Errno.EACCES);
        fs.change("/app/cpu0", AttributeChange.ofMode(0404), OWNER);
        cpu0.checkOpen(O_RDONLY, STRANGER);
    }

    @Test
    void filesOfARemovedDirectoryRefuse() throws ErrnoException {
        OpenControlFile create = fs.open("/app/create", O_RDWR);
        OpenControlFile consumed = fs.open("/app/cpu0.consumed", O_RDWR);
        fs.tree.removeDirectory("/app", OWNER);
        assertThat(refusal(() -> create.write(ByteBuffer.wrap(new byte[] {'1'}), MountedTree.ONE_PIECE, OWNER)))
                .isEqualTo(Errno.ENODEV);
        assertThat(fs.relay.channels()).isEmpty();
        consumed.write(ByteBuffer.wrap(MountedTree.counter(0)), MountedTree.ONE_PIECE, OWNER);
    }

    @Test
    void eachTimeMovesWithWhatItIsOf() throws ErrnoException {
        Attributes before = fs.tree.resolve("/app/mode").attributes();
        fs.change("/app/mode", AttributeChange.ofTimes(1L, null, false), OWNER);
        Attributes after = fs.tree.resolve("/app/mode").attributes();
        assertThat(after.atimeNs()).isOne();
        assertThat(after.mtimeNs()).isEqualTo(before.mtimeNs());
        assertThat(after.ctimeNs()).isGreaterThan(before.ctimeNs());
        fs.change("/app/mode", AttributeChange.ofTimes(null, 2L, false), OWNER);
        assertThat(fs.tree.resolve("/app/mode").attributes())
                .matches(a -> a.atimeNs() == 1 && a.mtimeNs() == 2 && a.ctimeNs() > after.ctimeNs());
        fs.read("/app/mode");
        assertThat(fs.tree.resolve("/app/mode").attributes()).matches(a -> a.atimeNs() > 1 && a.mtimeNs() == 2);
        fs.write("/app/mode", "overwrite");
        assertThat(fs.tree.resolve("/app/mode").attributes().mtimeNs()).isGreaterThan(2);
    }

    @Test
    void strangersChangeNothingWhateverTheWay() throws ErrnoException {
        for (String path : fs.list("/app").stream().map(name -> "/app/" + name).toList()) {
            Attributes before = fs.tree.resolve(path).attributes();
            assertThat(refusal(() -> fs.change(path, AttributeChange.ofMode(0777), STRANGER)))
                    .as(path)
                    .isEqualTo(Errno.EPERM);
            assertThat(refusal(() -> fs.change(path, AttributeChange.ofOwner(2000, 2000), STRANGER)))
                    .isEqualTo(Errno.EPERM);
            assertThat(refusal(() -> fs.change(path, AttributeChange.ofSize(0), STRANGER)))
                    .isEqualTo(Errno.EACCES);
            assertThat(refusal(() -> fs.change(path, AttributeChange.ofTimes(1L, 1L, false), STRANGER)))
                    .isEqualTo(Errno.EPERM);
            assertThat(refusal(() -> fs.tree.resolve(path).checkAccess(4, STRANGER)))
                    .isEqualTo(Errno.EACCES);
            assertThat(fs.tree.resolve(path).attributes()).isEqualTo(before);
        }
    }
}
