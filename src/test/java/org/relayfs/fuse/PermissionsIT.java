package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;
import org.relayfs.testing.TestMount;

/// Who may do what in a mount.
@Timeout(60)
@MountTest
final class PermissionsIT {
    @TempDir
    private Path temp;

    /// Other users are let into `temp`, never into what holds it.
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("mnt"));
    }

    /// An answer that is not that of a tmpfs.
    ///
    /// @param operations    of which
    /// @param tmpfs         what a tmpfs answers
    /// @param relayfs       what we answer
    /// @param whoeverChecks true: also with `default_permissions`
    /// @param reason        why
    private record Difference(
            Set<String> operations, String tmpfs, String relayfs, boolean whoeverChecks, String reason) {}

    private static final List<Difference> DIFFERENCES = List.of(
            new Difference(
                    Set.of("unlink", "rename", "move", "link", "symlink"),
                    "OK",
                    "EPERM",
                    true,
                    "the names of files come and go with their channel"),
            new Difference(Set.of("create", "mknod"), "OK", "EACCES", true, "files are made by creating a channel"),
            new Difference(
                    Set.of("open both", "open or create"),
                    "OK",
                    "EACCES",
                    true,
                    "with passthrough the memory itself could be mapped, and taken away"),
            new Difference(
                    Set.of("stat dot", "stat dotdot"),
                    "EACCES",
                    "OK",
                    false,
                    "the kernel does not ask us for these two names, and they tell nothing"),
            new Difference(
                    Set.of("link"),
                    "EPERM",
                    "EACCES",
                    false,
                    "fs.protected_hardlinks: the kernel does not know whether the file may be written"));

    private record User(int uid, int gid, String groups) {}

    private static final List<User> USERS = List.of(
            new User(0, 0, "none"),
            new User(1000, 1000, "none"),
            new User(1000, 1000, "5000,5001"),
            new User(2000, 5000, "none"),
            new User(2000, 2000, "7,5000,5001"),
            new User(3000, 3000, "none"));

    /// By user: what a tmpfs answers does not depend on the mount's options.
    private static final Map<User, Map<String, String>> OF_A_TMPFS = new HashMap<>();

    /// Every operation on folders and files of many modes, below open and closed folders, by owner, members, strangers
    /// and root.
    @Timeout(300)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAreThoseOfATmpfs(boolean byTheKernel) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes other users");
        Path tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "relayfs-test");
        Set<Difference> found = new HashSet<>();
        MountOptions options = MountOptions.defaults().withAllowOther(true).withDefaultPermissions(byTheKernel);
        try (TestMount mounted = TestMount.open(folder, options)) {
            openToAll(tmpfs);
            openToAll(temp);
            SoftAssertions answers = new SoftAssertions();
            for (User user : USERS) {
                if (!OF_A_TMPFS.containsKey(user)) {
                    OF_A_TMPFS.put(user, outcomes(tmpfs, user));
                }
                Map<String, String> expected = OF_A_TMPFS.get(user);
                Map<String, String> seen = outcomes(mounted.path(), user);
                assertThat(seen.keySet()).isEqualTo(expected.keySet()).hasSizeGreaterThan(2500);
                expected.forEach((what, tmpfsAnswer) -> {
                    Difference difference = difference(what, tmpfsAnswer, seen.get(what), byTheKernel);
                    if (difference == null) {
                        answers.assertThat(seen.get(what)).as(user + " " + what).isEqualTo(tmpfsAnswer);
                    } else {
                        found.add(difference);
                    }
                });
            }
            answers.assertAll();
        } finally {
            Client.shell("rm -r \"$1\"", tmpfs);
        }
        assertThat(found)
                .isEqualTo(DIFFERENCES.stream()
                        .filter(difference -> difference.whoeverChecks() || !byTheKernel)
                        .collect(Collectors.toSet()));
    }

    private static Difference difference(String what, String tmpfs, String relayfs, boolean byTheKernel) {
        String operation = what.substring(0, what.indexOf('\t'));
        return DIFFERENCES.stream()
                .filter(difference -> difference.operations().contains(operation)
                        && (!operation.startsWith("open ") || what.endsWith("/cpu0"))
                        && difference.tmpfs().equals(tmpfs)
                        && difference.relayfs().equals(relayfs)
                        && (difference.whoeverChecks() || !byTheKernel))
                .findFirst()
                .orElse(null);
    }

    private static void openToAll(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// {@return by operation and path, what came of it}
    private static Map<String, String> outcomes(Path folder, User user) throws Exception {
        run("make", folder);
        return run("try", folder, user.uid(), user.gid(), user.groups())
                .lines()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf('\t')),
                        line -> line.substring(line.lastIndexOf('\t') + 1)));
    }

    private static String run(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", Programs.python("permissions")));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        try (Client python = Client.start(command)) {
            return python.awaitSuccess().output();
        }
    }

    /// Field case 9: who may write could map the memory itself, and take its pages away from the writers.
    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED"})
    void aWriterWhoIsNotTheOwnerDoesNotGetTheMemory(MmapMode mode) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        MountOptions options = MountOptions.defaults().withAllowOther(true).withMmap(mode);
        try (TestMount mounted = TestMount.open(folder, options)) {
            openToAll(temp);
            assertThat(mounted.mount().mmapMode()).isEqualTo(mode);
            RelayChannel channel = mounted.relay()
                    .open("app", ChannelConfig.of(4096, 2).withGlobal(true).withFileMode(0666));
            channel.write("record".getBytes(StandardCharsets.US_ASCII));
            String readsAndWrites = mode == MmapMode.PASSTHROUGH ? "EACCES" : "OK";
            assertThat(mounted.python("""
                    def try_to_remove(flags, protection):
                        fd = os.open(D + 'app/cpu0', flags)
                        ring = Map(fd, 4096, mmap.MAP_SHARED, protection)
                        if _c.madvise(ctypes.c_void_p(ring.address), ctypes.c_size_t(4096), 9) != 0:
                            raise OSError(ctypes.get_errno(), '')
                    owner = os.open(D + 'app/cpu0', os.O_RDWR)
                    if os.fork() == 0:
                        os.setuid(3000)
                        print(errno_of(os.open, D + 'app/cpu0', os.O_RDWR))
                        print(errno_of(try_to_remove, os.O_RDWR, mmap.PROT_READ | mmap.PROT_WRITE) != 'OK')
                        print(errno_of(try_to_remove, os.O_RDONLY, mmap.PROT_READ) != 'OK')
                        print(os.write(os.open(D + 'app/cpu0', os.O_WRONLY), b'another'), flush=True)
                        os._exit(0)
                    os.wait()
                    print(os.read(owner, 100).decode())
                    """).lines())
                    .containsExactly(readsAndWrites, "True", "True", "7", "recordanother");
        }
    }

    @Test
    void whoIsRefusedMakesTheKernelForgetANameForAWhile() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults().withAllowOther(true))) {
            openToAll(temp);
            openToAll(folder);
            assertThat(mounted.python("""
                    os.makedirs(D + 'private/app'); os.chmod(D + 'private', 0o700)
                    os.chdir(D + 'private/app')
                    if os.fork() == 0:
                        os.setuid(3000)
                        print(errno_of(os.stat, D + 'private/app'), flush=True)
                        os._exit(0)
                    os.wait()
                    print(errno_of(os.getcwd), errno_of(os.stat, 'mode'))
                    os.stat(D + 'private/app')
                    print(os.getcwd() == D + 'private/app')
                    """).lines()).containsExactly("EACCES", "ENOENT OK", "True");
        }
    }

    /// Field case 23: ids are 32 bits without a sign.
    @Test
    void usersAndGroupsPastTwoToThe31stAreUsersLikeOthers() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "becomes another user");
        MountOptions options = MountOptions.defaults()
                .withAllowOther(true)
                .withUid((int) 4_000_000_000L)
                .withGid((int) 3_000_000_000L);
        try (TestMount mounted = TestMount.open(folder, options)) {
            openToAll(temp);
            mounted.channel("app", 4096, 4).write(new byte[100]);
            assertThat(mounted.python("""
                    for name in '', 'control', 'app/cpu0':
                        s = os.stat(D + name); print(s.st_uid, s.st_gid)
                    os.chmod(D + 'app/dropped', 0o440)
                    if os.fork() == 0:
                        os.setgroups([3000000000]); os.setgid(5); os.setuid(4000000001)
                        print(errno_of(os.open, D + 'app/dropped', 0), errno_of(os.open, D + 'app/cpu0', 0), flush=True)
                        os._exit(0)
                    os.wait()
                    os.setgroups([]); os.setgid(5); os.setuid(4000000000)
                    os.mkdir(D + 'own'); s = os.stat(D + 'own/mode'); print(s.st_uid, s.st_gid)
                    print(errno_of(os.chown, D + 'own/mode', 4000000000, 5), errno_of(os.chown, D + 'own/mode', 4000000001, -1))
                    print(len(os.read(os.open(D + 'app/cpu0', 0), 1000)), errno_of(os.rmdir, D + 'own'))
                    """).lines())
                    .containsExactly(
                            "4000000000 3000000000",
                            "4000000000 3000000000",
                            "4000000000 3000000000",
                            "OK EACCES",
                            "4000000000 5",
                            "OK EPERM",
                            "100 OK");
        }
    }

    @Test
    void aReadOnlyMountCannotBeChanged() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults().withReadOnly(true))) {
            mounted.channel("app", 4096, 4).write(new byte[100]);
            assertThat(mounted.python("""
                            print(errno_of(os.open, D + 'control', os.O_WRONLY), errno_of(os.mkdir, D + 'x'))
                            print(errno_of(os.open, D + 'app/cpu0', os.O_RDWR))
                            print(len(os.read(os.open(D + 'app/cpu0', os.O_RDONLY), 1000)))
                            """).lines()).containsExactly("EROFS EROFS", "EROFS", "100");
        }
    }

    @Test
    void timesThatAreToStayStay() throws Exception {
        try (TestMount mounted = TestMount.open(folder, MountOptions.defaults())) {
            mounted.channel("app", 4096, 4);
            assertThat(mounted.sh(
                            "for f in app/cpu0 app/mode; do chmod u+w $f; touch -m -d @100 $f; touch -a -d @200 $f;"
                                    + " stat -c '%X %Y' $f; done; echo text >> app/cpu0; cat app/cpu0"))
                    .isEqualTo("200 100\n200 100\ntext");
        }
    }
}
