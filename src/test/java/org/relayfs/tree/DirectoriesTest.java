package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.ROOT;
import static org.relayfs.tree.MountedTree.STRANGER;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.Relay;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Permission;
import org.relayfs.tree.text.NameLimits;

class DirectoriesTest {
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

    private long links(String path) throws ErrnoException {
        return fs.tree.resolve(path).attributes().links();
    }

    @Test
    void mkdirMakesAChannelThatIsNotCreated() throws ErrnoException {
        fs.tree.makeDirectory("/app", 0750, ROOT);
        assertThat(fs.read("/channels")).contains("app", "not-created");
        assertThat(fs.tree.resolve("/app").attributes())
                .satisfies(a -> assertThat(a.mode()).isEqualTo(Attributes.DIRECTORY | 0750))
                .satisfies(a -> assertThat(a.uid()).as("the caller owns it").isZero());
        assertThat(fs.tree.resolve("/app/create").attributes().uid()).isZero();
        assertThat(fs.list("/app")).hasSameSizeAs(ChannelFiles.NAMES).doesNotContain("cpu0");
        assertThat(fs.relay.channels()).isEmpty();
    }

    @Test
    void linksCountSubdirectories() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.makeDirectory("/a/b");
        fs.makeDirectory("/a/c");
        assertThat(links("/")).isEqualTo(3);
        assertThat(links("/a")).isEqualTo(4);
        assertThat(links("/a/b")).isEqualTo(2);
    }

    @Test
    void controlCreateMakesTheParentsAndTheyGoWithTheChannel() throws ErrnoException {
        fs.write("/control", "create a/b/c" + SMALL);
        assertThat(fs.list("/a")).containsExactly("b");
        assertThat(fs.list("/a/b/c")).contains("cpu0", "create");
        fs.write("/control", "destroy a/b/c");
        assertThat(fs.exists("/a")).isFalse();
        assertThat(links("/")).isEqualTo(2);
    }

    @Test
    void aParentThatHoldsMoreStays() throws ErrnoException {
        fs.write("/control", "create a/b" + SMALL + "\ncreate a/c" + SMALL + "\ncreate a" + SMALL);
        fs.write("/control", "destroy a");
        assertThat(fs.list("/a")).containsExactly("b", "c");
        fs.write("/control", "destroy a/b");
        assertThat(fs.list("/a")).containsExactly("c");
        fs.write("/control", "destroy a/c");
        assertThat(fs.exists("/a")).isFalse();
    }

    @Test
    void aDirectoryMadeByMkdirStaysUntilRmdir() throws ErrnoException {
        fs.makeDirectory("/app");
        fs.write("/control", "create app" + SMALL);
        assertThat(fs.read("/app/n_subbufs")).isEqualTo("2\n");
        fs.write("/control", "destroy app");
        assertThat(fs.list("/app")).contains("create").doesNotContain("cpu0");
        fs.tree.removeDirectory("/app", OWNER);
        assertThat(fs.exists("/app")).isFalse();
    }

    @Test
    void controlCreateTakesWhatItDoesNotNameFromTheDirectory() throws ErrnoException {
        fs.makeDirectory("/app");
        fs.write("/app/subbuf_size", "4096");
        fs.write("/app/global", "1");
        fs.write("/control", "create app n_subbufs=2");
        assertThat(fs.relay.channel("app").orElseThrow().config().subBufferSize())
                .isEqualTo(4096);
    }

    @Test
    void writingCreateKeepsTheDirectory() throws ErrnoException {
        fs.write("/control", "create app" + SMALL);
        fs.write("/app/create", "0");
        assertThat(fs.read("/app/create")).isEqualTo("0\n");
        fs.write("/app/create", "1");
        fs.write("/control", "destroy app");
        assertThat(fs.exists("/app")).isTrue();
    }

    @Test
    void rmdirDestroysTheChannel() throws ErrnoException {
        fs.makeDirectory("/app");
        fs.write("/control", "create app" + SMALL);
        RelayFile cpu0 = (RelayFile) fs.tree.resolve("/app/cpu0");
        fs.tree.removeDirectory("/app", OWNER);
        assertThat(fs.relay.channels()).isEmpty();
        assertThat(cpu0.isRemoved()).isTrue();
        assertThat(cpu0.buffer().isFinalized()).isTrue();
        assertThat(refusal(() -> fs.tree.removeDirectory("/app", OWNER))).isEqualTo(Errno.ENOENT);
    }

    @Test
    void rmdirRefusesWhatHoldsDirectories() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.makeDirectory("/a/b");
        fs.write("/control", "create c/d" + SMALL);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/c", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/", OWNER))).isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a/create", OWNER))).isEqualTo(Errno.ENOTDIR);
        assertThat(fs.read("/error_log")).contains(" EBUSY /a \"rmdir\" directory /a: has 1 subdirectories");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/control", "/version", "/a", "/a/create", "/a/stats", "/a/cpu0", "/a/cpu12.produced", "/"})
    void mkdirRefusesWhatExistsOrIsReserved(String path) throws ErrnoException {
        fs.makeDirectory("/a");
        assertThat(refusal(() -> fs.makeDirectory(path))).isEqualTo(Errno.EEXIST);
    }

    @Test
    void mkdirRefusesNamesOutsideTheGrammar() throws ErrnoException {
        assertThat(refusal(() -> fs.makeDirectory("/a b"))).isEqualTo(Errno.EINVAL);
        assertThat(refusal(() -> fs.makeDirectory("/.a"))).isEqualTo(Errno.EINVAL);
        assertThat(refusal(() -> fs.makeDirectory("/" + "x".repeat(65)))).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refusal(() -> fs.makeDirectory("/no/app"))).isEqualTo(Errno.ENOENT);
        assertThat(refusal(() -> fs.makeDirectory("/control/app"))).isEqualTo(Errno.ENOTDIR);
        assertThat(fs.read("/error_log").lines()).hasSize(3);
        assertThat(fs.list("/")).hasSameSizeAs(RootFiles.NAMES);
    }

    /// Whatever a control file is called, and in whichever directory.
    @Test
    void theNamesOfAllControlFilesAreReserved() throws ErrnoException {
        fs.makeDirectory("/a");
        assertThat(ChannelFiles.NAMES).containsExactlyInAnyOrderElementsOf(fs.list("/a"));
        fs.tree.removeDirectory("/a", OWNER);
        assertThat(RootFiles.NAMES).containsExactlyInAnyOrderElementsOf(fs.list("/"));
    }

    @Test
    void depthIsBounded() throws ErrnoException {
        StringBuilder path = new StringBuilder();
        for (int depth = 0; depth < NameLimits.MAX_DEPTH; depth++) {
            fs.makeDirectory(path.append("/d").toString());
        }
        assertThat(refusal(() -> fs.makeDirectory(path + "/d"))).isEqualTo(Errno.ENAMETOOLONG);
    }

    @Test
    void strangersMakeAndRemoveNothing() throws ErrnoException {
        fs.makeDirectory("/a");
        assertThat(refusal(() -> fs.tree.makeDirectory("/b", 0755, STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.removeDirectory("/a", STRANGER))).isEqualTo(Errno.EACCES);
        fs.change("/a", AttributeChange.ofMode(0777), OWNER);
        fs.tree.makeDirectory("/a/b", 0700, STRANGER);
        assertThat(refusal(() -> fs.open("/a/b/create", 0, OWNER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.resolve("/a/b").checkAccess(Permission.READ, OWNER)))
                .isEqualTo(Errno.EACCES);
        fs.tree.resolve("/a/b").checkAccess(Permission.READ, STRANGER);
        fs.tree.resolve("/a").checkAccess(Permission.READ, OWNER);
    }

    /// The kernel asks so for each name of a path.
    @Test
    void aNameIsLookedUpByThoseWhoMayPassThroughItsDirectory() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.makeDirectory("/a/b");
        fs.change("/a", AttributeChange.ofMode(0766), OWNER);
        assertThat(refusal(() -> fs.tree.lookUp("/a/b", STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.lookUp("/a/missing", STRANGER))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.lookUp("/a/missing", OWNER))).isEqualTo(Errno.ENOENT);
        assertThat(fs.tree.lookUp("/a/b", OWNER)).isSameAs(fs.tree.resolve("/a/b"));
        assertThat(fs.tree.lookUp("/a", STRANGER)).isSameAs(fs.tree.resolve("/a"));
        assertThat(fs.tree.lookUp("/a/b/mode", STRANGER)).isSameAs(fs.tree.resolve("/a/b/mode"));
        fs.change("/", AttributeChange.ofMode(0), OWNER);
        assertThat(fs.tree.lookUp("/", STRANGER)).isSameAs(fs.tree.resolve("/"));
        assertThat(refusal(() -> fs.tree.lookUp("/a", STRANGER))).isEqualTo(Errno.EACCES);
    }

    @Test
    void aSetGroupIdDirectoryHandsItsGroupDown() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.change("/a", AttributeChange.ofOwner(null, 77), ROOT);
        fs.change("/a", AttributeChange.ofMode(02777), ROOT);
        fs.tree.makeDirectory("/a/b", 0750, STRANGER);
        assertThat(fs.tree.resolve("/a/b").attributes())
                .matches(a -> a.mode() == (Attributes.DIRECTORY | 02750) && a.uid() == 2000 && a.gid() == 77);
        assertThat(fs.tree.resolve("/a/b/mode").attributes().gid()).isEqualTo(77);
    }

    @Test
    void namesCannotBeChangedByAnybody() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.makeDirectory("/b");
        fs.change("/b", AttributeChange.ofMode(0777), OWNER);
        assertThat(refusal(() -> fs.tree.refuseNames(STRANGER, "/a/mode"))).isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.refuseNames(STRANGER, "/b/mode"))).isEqualTo(Errno.EPERM);
        assertThat(refusal(() -> fs.tree.refuseNames(STRANGER, "/b/mode", "/a/x")))
                .isEqualTo(Errno.EACCES);
        assertThat(refusal(() -> fs.tree.refuseNames(ROOT, "/a/mode"))).isEqualTo(Errno.EPERM);
    }

    @Test
    void theNumberOfDirectoriesIsBounded() throws Exception {
        try (MountedTree small = new MountedTree(Relay.create(), 2)) {
            small.makeDirectory("/a");
            small.makeDirectory("/b");
            assertThat(refusal(() -> small.makeDirectory("/c"))).isEqualTo(Errno.ENOSPC);
            assertThat(refusal(() -> small.write("/control", "create c" + SMALL)))
                    .isEqualTo(Errno.ENOSPC);
            assertThat(small.relay.channels()).isEmpty();
            small.tree.removeDirectory("/a", OWNER);
            small.write("/control", "create c" + SMALL);
        }
    }

    @Test
    void noInodeIsGivenTwice() throws ErrnoException {
        Set<Long> inodes = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            fs.write("/control", "create a/b" + SMALL);
            for (String path : new String[] {"/a", "/a/b"}) {
                assertThat(inodes.add(fs.tree.resolve(path).attributes().inode()))
                        .isTrue();
            }
            for (String name : fs.list("/a/b")) {
                assertThat(inodes.add(
                                fs.tree.resolve("/a/b/" + name).attributes().inode()))
                        .isTrue();
            }
            fs.write("/control", "destroy a/b");
        }
    }

    @Test
    void pathsAreResolvedLikeInEveryFileSystem() throws ErrnoException {
        fs.makeDirectory("/a");
        assertThat(fs.tree.resolve("/a/")).isSameAs(fs.tree.resolve("//a"));
        assertThat(refusal(() -> fs.tree.resolve("/b"))).isEqualTo(Errno.ENOENT);
        assertThat(refusal(() -> fs.tree.resolve("/a/mode/x"))).isEqualTo(Errno.ENOTDIR);
        assertThat(refusal(() -> fs.tree.resolve("/" + "x".repeat(256)))).isEqualTo(Errno.ENAMETOOLONG);
    }

    @Test
    void directoriesHaveAttributesOfTheirOwn() throws ErrnoException {
        fs.makeDirectory("/a");
        fs.change("/a", new AttributeChange(01711, null, 1000, null, 5L, 6L, false, false), OWNER);
        assertThat(fs.tree.resolve("/a").attributes())
                .satisfies(a -> assertThat(a.mode()).isEqualTo(Attributes.DIRECTORY | 01711))
                .satisfies(a -> assertThat(a.mtimeNs()).isEqualTo(6));
        fs.makeDirectory("/a/b");
        assertThat(fs.tree.resolve("/a").attributes().mtimeNs()).isGreaterThan(6);
        assertThat(refusal(() -> fs.change("/a", AttributeChange.ofSize(0), OWNER)))
                .isEqualTo(Errno.EISDIR);
        assertThat(refusal(() -> fs.change("/a", AttributeChange.ofMode(0), STRANGER)))
                .isEqualTo(Errno.EPERM);
    }
}
