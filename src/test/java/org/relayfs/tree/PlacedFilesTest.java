package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.relayfs.testing.Refusal.refusal;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.RelayWithCpus;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// Relay files in other directories than their channel's, and plain directories.
class PlacedFilesTest {
    private static final ChannelConfig GLOBAL = ChannelConfig.of(4096, 2).withGlobal(true);
    private static final String CREATE = "create app global=1 subbuf_size=4K n_subbufs=2 ";

    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private void control(String line) throws ErrnoException {
        fs.write("/control", line);
    }

    @Test
    void filesInTheRootHaveTheirCountersBesideThem() throws ErrnoException {
        control(CREATE + "files=/ base=diskstat");
        assertThat(fs.list("/"))
                .contains("app", "diskstat0", "diskstat0.produced", "diskstat0.consumed")
                .doesNotHaveDuplicates();
        assertThat(fs.list("/app")).contains("stats", "write").doesNotContain("diskstat0", "cpu0");
        assertThat(fs.tree.resolve("/diskstat0")).isInstanceOf(RelayFile.class);
        fs.write("/app/write", "record");
        fs.write("/app/flush", "1");
        assertThat(fs.readCounter("/diskstat0.produced")).isOne();
        assertThat(fs.read("/buffers")).isEqualTo("channel cpu file\napp 0 /diskstat0\n");
        RelayFile file = (RelayFile) fs.tree.resolve("/diskstat0");
        assertThat(fs.tree.isPresent(file)).isTrue();
        control("destroy app");
        assertThat(fs.list("/")).containsExactlyInAnyOrderElementsOf(RootFiles.NAMES);
        assertThat(fs.tree.isPresent(file)).isFalse();
        assertThat(file.attributes().links()).isZero();
        assertThat(fs.read("/buffers")).isEqualTo("channel cpu file\n");
    }

    @Test
    void directoriesAreMadeForFilesAndGoWithTheLastOfThem() throws ErrnoException {
        control(CREATE + "files=/myapp/block/sda base=trace");
        control("create other global=1 subbuf_size=4K n_subbufs=2 files=/myapp/block base=all");
        assertThat(fs.list("/myapp/block")).containsExactly("all0", "all0.consumed", "all0.produced", "sda");
        assertThat(fs.list("/myapp/block/sda")).containsExactly("trace0", "trace0.consumed", "trace0.produced");
        control("destroy app");
        assertThat(fs.exists("/myapp/block/sda")).isFalse();
        assertThat(fs.exists("/myapp/block/all0")).isTrue();
        control("destroy other");
        assertThat(fs.exists("/myapp")).isFalse();
    }

    @Test
    void aGlobalFileNeedsNoNumber() throws ErrnoException {
        control(CREATE + "files=/ base=crbce_ukcc numbered=0");
        assertThat(fs.list("/")).contains("crbce_ukcc", "crbce_ukcc.produced", "crbce_ukcc.consumed");
        assertThat(refusal(() -> control("create x numbered=0"))).isEqualTo(Errno.EINVAL);
        assertThat(fs.read("/error_log")).contains("numbered=0 with global=0, limit=global=1");
    }

    @Test
    void aPlainDirectoryHoldsRelayFilesOnly() throws ErrnoException {
        control("create ltt/cpu plain=1 global=1 subbuf_size=4K n_subbufs=2 base=cpu_");
        assertThat(fs.list("/ltt/cpu")).containsExactly("cpu_0");
        assertThat(fs.list("/ltt")).containsExactly("cpu");
        RelayChannel channel = fs.relay.channel("ltt/cpu").orElseThrow();
        channel.write(new byte[100]);
        control("flush ltt/cpu");
        assertThat(fs.read("/stats").lines().toList().getLast()).startsWith("ltt/cpu 0 1 0 100 100 0 1 ");
        control("disable ltt/cpu");
        assertThat(channel.isEnabled()).isFalse();
        assertThat(refusal(() -> control("create ltt/cpu"))).isEqualTo(Errno.EEXIST);
        control("destroy ltt/cpu");
        assertThat(fs.exists("/ltt")).isFalse();
        control("create ltt/cpu");
        assertThat(fs.list("/ltt/cpu")).contains("stats", "cpu0.produced");
    }

    @Test
    void rmdirOfThePlaceIsRefusedAndThatOfTheChannelTakesItsFiles() throws ErrnoException {
        fs.makeDirectory("/kept");
        fs.makeDirectory("/app");
        fs.write("/control", CREATE + "files=/kept base=x");
        control("create second global=1 subbuf_size=4K n_subbufs=2 files=/made");
        assertThat(refusal(() -> fs.tree.removeDirectory("/kept", MountedTree.OWNER)))
                .isEqualTo(Errno.EBUSY);
        assertThat(refusal(() -> fs.tree.removeDirectory("/made", MountedTree.OWNER)))
                .isEqualTo(Errno.EBUSY);
        assertThat(fs.read("/error_log"))
                .contains("directory /kept: has files of channel app; destroy that first")
                .contains("directory /made: has files of channel second; destroy that first");
        assertThat(fs.exists("/kept/x0")).isTrue();
        fs.tree.removeDirectory("/app", MountedTree.OWNER);
        assertThat(fs.list("/kept")).doesNotContain("x0", "x0.produced").contains("stats");
        fs.tree.removeDirectory("/second", MountedTree.OWNER);
        assertThat(fs.exists("/made")).isFalse();
        fs.tree.removeDirectory("/kept", MountedTree.OWNER);
    }

    @Test
    void filesStayWhenTheChannelOfTheirDirectoryGoes() throws ErrnoException {
        control(CREATE);
        control("create guest global=1 subbuf_size=4K n_subbufs=2 files=/app base=guest");
        control("destroy app");
        assertThat(fs.list("/app")).containsExactly("guest0", "guest0.consumed", "guest0.produced");
        control(CREATE);
        assertThat(fs.list("/app")).contains("guest0", "cpu0", "stats");
        control("destroy guest");
        assertThat(fs.list("/app")).contains("cpu0", "stats").doesNotContain("guest0");
    }

    @Test
    void theSettingsOfADirectoryKeepThePlace() throws ErrnoException {
        fs.makeDirectory("/app");
        control(CREATE + "files=/place");
        Node first = fs.tree.resolve("/place/cpu0");
        fs.write("/app/create", "1");
        assertThat(fs.tree.resolve("/place/cpu0")).isNotSameAs(first);
        assertThat(fs.tree.isPresent(first)).isFalse();
        fs.write("/app/create", "0");
        assertThat(fs.exists("/place")).isFalse();
        control("create app files=.");
        assertThat(fs.list("/app")).contains("cpu0");
        assertThat(fs.exists("/place")).isFalse();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("files=relative", Errno.EINVAL, "limit=. for the channel's own directory"),
                arguments("files=", Errno.EINVAL, "files: value=\"\""),
                arguments("files=//", Errno.EINVAL, "limit=[A-Za-z0-9_]"),
                arguments("files=/a//b", Errno.EINVAL, "limit=[A-Za-z0-9_]"),
                arguments("files=/a/", Errno.EINVAL, "limit=[A-Za-z0-9_]"),
                arguments("files=/..", Errno.EINVAL, "limit=[A-Za-z0-9_]"),
                arguments("files=/a/../b", Errno.EINVAL, "limit=[A-Za-z0-9_]"),
                arguments("files=/" + "a".repeat(65), Errno.ENAMETOOLONG, "limit=64"),
                arguments("files=/1/2/3/4/5/6/7/8/9", Errno.ENAMETOOLONG, "depth=9, limit=8"),
                arguments("plain=2", Errno.EINVAL, "plain: value"),
                arguments("numbered=no", Errno.EINVAL, "numbered: value"),
                arguments("files=/control", Errno.ENOTDIR, "value=\"control\" in /control is the name of a file"),
                arguments("files=/there/stats/x", Errno.ENOTDIR, "value=\"stats\""),
                arguments("files=/there/t5", Errno.ENOTDIR, "value=\"t5\""),
                arguments("files=/ base=version numbered=0", Errno.EEXIST, "may meet the control file version"),
                arguments("base=stats numbered=0", Errno.EEXIST, "may meet the control file stats"),
                arguments("files=/there base=t", Errno.EEXIST, "\"tN\" in /there may meet a file of channel there"),
                arguments("files=/there base=t1", Errno.EEXIST, "may meet a file of channel there"),
                arguments("files=/there base=t1 numbered=0", Errno.EEXIST, "may meet a file of channel there"),
                arguments("files=/there base=t1.produced numbered=0", Errno.EEXIST, "may meet a file of channel"),
                arguments("files=/there base=placed", Errno.EEXIST, "may meet a file of channel second"),
                arguments("files=/there base=sub numbered=0", Errno.EEXIST, "may meet the subdirectory sub"),
                arguments("files=/ base=app numbered=0", Errno.EEXIST, "may meet the channel's own directory app"),
                arguments("files=/ base=there numbered=0", Errno.EEXIST, "may meet the subdirectory there"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(String settings, Errno errno, String reason) throws ErrnoException {
        control("create there global=1 subbuf_size=4K n_subbufs=2 base=t");
        control("create second global=1 subbuf_size=4K n_subbufs=2 files=/there base=placed");
        fs.makeDirectory("/there/sub");
        List<String> root = fs.list("/");
        List<String> there = fs.list("/there");
        String channels = fs.read("/channels");
        assertThat(refusal(() -> control(CREATE + settings))).isEqualTo(errno);
        assertThat(fs.read("/error_log")).contains(reason);
        assertThat(fs.list("/")).isEqualTo(root);
        assertThat(fs.list("/there")).isEqualTo(there);
        assertThat(fs.read("/channels")).isEqualTo(channels);
    }

    @Test
    void theirNamesAreNoNamesForOthers() throws ErrnoException {
        control("create second global=1 subbuf_size=4K n_subbufs=2 files=/ base=disk");
        for (String name : List.of("disk0", "disk7", "disk7.consumed")) {
            assertThat(refusal(() -> fs.makeDirectory("/" + name))).isEqualTo(Errno.EEXIST);
            assertThat(refusal(() -> control("create " + name))).isEqualTo(Errno.EEXIST);
            assertThat(refusal(() -> control("create " + name + "/x"))).isEqualTo(Errno.ENOTDIR);
        }
        fs.makeDirectory("/disk");
    }

    @Test
    void aDirectoryWithControlFilesCannotBecomePlain() throws ErrnoException {
        fs.makeDirectory("/app");
        assertThat(refusal(() -> control("create app plain=1"))).isEqualTo(Errno.EEXIST);
        assertThat(fs.read("/error_log")).contains("plain: value=1, limit=0 in app");
        assertThat(fs.read("/app/create")).isEqualTo("0\n");
        control("create app");
    }

    private static ChannelCallbacks naming(String chosen) {
        return new ChannelCallbacks() {
            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                return chosen;
            }
        };
    }

    @Test
    void aClientPutsAFileAnywhere() throws Exception {
        fs.tree.program().hold(ChannelName.of("myapp"), 0755);
        RelayChannel one = fs.relay.open("one", GLOBAL.withCallbacks(naming("/myapp/block/sda/trace0")));
        RelayChannel two = fs.relay.open("two", GLOBAL.withCallbacks(naming("sub/two")));
        RelayChannel three = fs.relay.open("three", GLOBAL.withCallbacks(naming("/in the root")));
        assertThat(fs.list("/myapp/block/sda")).startsWith("trace0");
        assertThat(fs.list("/two/sub")).startsWith("two");
        assertThat(fs.list("/")).contains("in the root");
        assertThat(fs.read("/buffers")).isEqualTo("""
                        channel cpu file
                        one 0 /myapp/block/sda/trace0
                        three 0 /in\\040the\\040root
                        two 0 /two/sub/two
                        """);
        assertThat(one.fileName(one.buffers().getFirst())).isEqualTo("/myapp/block/sda/trace0");
        one.close();
        assertThat(fs.list("/myapp")).isEmpty();
        two.close();
        three.close();
        assertThat(fs.list("/")).hasSize(RootFiles.NAMES.size() + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a/", "/../x", "/a/../x", "/control", "/app/stats", "//x", "/control/x", "/taken0", "/.x"})
    void aPlaceThatCannotBeLeavesTheBufferWithoutAFile(String path) throws Exception {
        control("create second global=1 subbuf_size=4K n_subbufs=2 files=/ base=taken");
        try (RelayChannel channel = fs.relay.open("app", GLOBAL.withCallbacks(naming(path)))) {
            assertThat(channel.write(new byte[8])).isEqualTo(8);
            assertThat(fs.read("/buffers")).isEqualTo("channel cpu file\nsecond 0 /taken0\n");
            assertThat(fs.list("/app")).contains("stats").doesNotContain("cpu0");
            assertThat(fs.list("/")).doesNotContain("a");
        }
    }

    @Test
    void aCpuThatComesLaterGetsItsFileInTheSamePlaceIfThatIsFree() throws Exception {
        try (MountedTree late = new MountedTree(RelayWithCpus.create(List.of(0, 3), 8), MountedTree.MAX_CHANNELS)) {
            RelayChannel channel = late.relay.open(
                    "app",
                    ChannelConfig.of(4096, 2)
                            .withFileDirectory("/a")
                            .withBaseName("x")
                            .withPlainDirectory(true));
            assertThat(late.list("/a")).containsExactly("x0", "x3");
            assertThat(late.list("/app")).isEmpty();
            channel.writeTo(5, MemorySegment.ofArray(new byte[8]), 0, 8);
            assertThat(late.list("/a")).containsExactly("x0", "x3", "x5");
            late.relay.open("a/x6", GLOBAL);
            channel.writeTo(6, MemorySegment.ofArray(new byte[8]), 0, 8);
            assertThat(late.tree.resolve("/a/x6")).isInstanceOf(Directory.class);
            assertThat(late.read("/buffers")).doesNotContain("app 6").contains("app 5 /a/x5\n");
            channel.close();
            assertThat(late.list("/a")).containsExactly("x6");
        }
    }

    @Test
    void aFileHasTheOwnerOfItsDirectory() throws Exception {
        fs.tree.makeDirectory("/home", 0700, MountedTree.ROOT);
        control(CREATE + "files=/home base=x");
        assertThat(fs.tree.resolve("/home/x0").attributes().uid()).isZero();
        assertThat(refusal(() -> fs.tree.lookUp("/home/x0", MountedTree.STRANGER)))
                .isEqualTo(Errno.EACCES);
    }
}
