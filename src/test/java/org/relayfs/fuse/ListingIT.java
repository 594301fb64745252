package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Who has listed everything sees what changes afterwards at once, whoever changes it.
@Timeout(120)
@MountTest
final class ListingIT {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    /// Lists everything at first and whenever it is told to go on; `show` prints attributes, or the error.
    private static final String WATCHER = """
            def ls():
                for folder, _, files in os.walk(D):
                    for name in files: os.lstat(folder + '/' + name)
            def show(name):
                try:
                    s = os.stat(D + name)
                    return f'{s.st_mode:o} {s.st_size} {s.st_nlink}'
                except OSError as e:
                    return errno.errorcode[e.errno]
            def go_on():
                ls(); print('listed'); sys.stdin.readline()
            """;

    @TempDir
    private Path temp;

    private TestMount mounted;

    @BeforeEach
    void mount() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("mnt"));
        mounted = TestMount.open(folder, TestMount.likeTheKernel().withAllowOther(ROOT));
    }

    @AfterEach
    void unmount() throws IOException {
        mounted.close();
    }

    private static void goOn(Client watcher) throws IOException {
        watcher.input().write('\n');
        watcher.input().flush();
    }

    @Test
    void attributesAreThoseOfNow() throws Exception {
        RelayChannel channel = mounted.channel("app", 4096, 4);
        try (Client watcher = mounted.startPython(WATCHER + """
                go_on(); print(show('app/stats'), show('app/cpu0'), show('app'))
                go_on(); print(show('app/stats'), show('app/cpu0'), show('app'))
                fd = os.open(D + 'app/stats', os.O_RDONLY); os.fstat(fd)
                go_on(); print(f'{os.fstat(fd).st_mode:o}')
                """)) {
            watcher.awaitLine("listed");
            goOn(watcher);
            watcher.awaitLine("100400 0 1 100400 0 1 40755 0 2");
            watcher.awaitLine("listed");
            String ignored = mounted.sh("chmod 640 app/stats app/cpu0; chmod 711 app; mkdir app/below");
            assertThat(channel.write(new byte[100])).isEqualTo(100);
            channel.flush();
            goOn(watcher);
            watcher.awaitLine("100640 0 1 100640 100 1 40711 0 3");
            watcher.awaitLine("listed");
            ignored = mounted.sh("chmod 444 app/stats");
            goOn(watcher);
            watcher.awaitLine("100444");
            watcher.awaitSuccess();
        }
    }

    @Test
    void namesAreThoseOfNow() throws Exception {
        mounted.channel("app", 4096, 4);
        String ignored = mounted.sh("mkdir made; echo create shell > control");
        try (Client watcher = mounted.startPython(WATCHER + """
                names = 'app/stats', 'app', 'made/mode', 'made', 'shell/write', 'shell'
                def inodes(): return [os.stat(D + name).st_ino for name in names]
                go_on(); before = inodes()
                go_on(); print(*[show(name) for name in names])
                go_on(); print(*[a == b for a, b in zip(before, inodes())])
                """)) {
            watcher.awaitLine("listed");
            goOn(watcher);
            watcher.awaitLine("listed");
            mounted.relay().channel("app").orElseThrow().close();
            ignored = mounted.sh("rmdir made; echo destroy shell > control");
            goOn(watcher);
            watcher.awaitLine("ENOENT ENOENT ENOENT ENOENT ENOENT ENOENT");
            watcher.awaitLine("listed");
            mounted.channel("app", 4096, 4);
            ignored = mounted.sh("mkdir made; echo create shell > control");
            goOn(watcher);
            watcher.awaitLine("False False False False False False");
            watcher.awaitSuccess();
        }
    }

    /// A channel that comes back without the kernel's being told: its files have the old names, and are others.
    @Test
    void aChannelThatTakesAnothersPlaceShowsItsOwnFiles() throws Exception {
        mounted.channel("app", 4096, 4);
        try (Client watcher = mounted.startPython(WATCHER + """
                fd = os.open(D + 'app/subbuf_size', os.O_RDONLY)
                before = os.stat(D + 'app/subbuf_size').st_ino, os.stat(D + 'app/cpu0').st_ino
                go_on()
                after = os.stat(D + 'app/subbuf_size').st_ino, os.stat(D + 'app/cpu0').st_ino
                print(before[0] == after[0], before[1] == after[1], open(D + 'app/subbuf_size').read())
                """)) {
            watcher.awaitLine("listed");
            mounted.relay().channel("app").orElseThrow().close();
            mounted.channel("app", 8192, 4);
            goOn(watcher);
            watcher.awaitLine("False False 8192");
            watcher.awaitSuccess();
        }
    }

    @Test
    void whoStaysInARemovedDirectoryFindsNothingThere() throws Exception {
        assertThat(mounted.python("""
                os.mkdir(D + 'app'); control('app/create', '1')
                counts = os.open(D + 'app/stats', os.O_RDONLY); data = os.open(D + 'app/cpu0', os.O_RDONLY)
                os.chdir(D + 'app'); os.stat('stats'); os.stat('cpu0')
                os.rmdir(D + 'app'); os.mkdir(D + 'app')
                print(errno_of(os.fstat, counts), os.fstat(data).st_nlink, errno_of(os.stat, '.'))
                print(errno_of(os.stat, 'stats'), errno_of(os.stat, 'cpu0'), errno_of(os.stat, D + 'app/stats'))
                """).lines()).containsExactly("ENOENT 0 ENOENT", "ENOENT ENOENT OK");
    }

    @Test
    void whoIsNotLetThroughADirectoryAnyMoreIsNot() throws Exception {
        assumeTrue(ROOT, "becomes another user");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        mounted.channel("app", 4096, 4);
        try (Client watcher = mounted.startPython(WATCHER + """
                os.setuid(3000)
                print(show('app/stats'))
                go_on(); print(show('app/stats'), show('app/cpu0'), show('app'))
                go_on(); print(show('app/stats'))
                """)) {
            watcher.awaitLine("100400 0 1");
            watcher.awaitLine("listed");
            String ignored = mounted.sh("chmod 700 app");
            goOn(watcher);
            watcher.awaitLine("EACCES EACCES 40700 0 2");
            watcher.awaitLine("listed");
            ignored = mounted.sh("chmod 755 app");
            goOn(watcher);
            watcher.awaitLine("100400 0 1");
            watcher.awaitSuccess();
        }
    }

    /// What the kernel knows and gives back while it is looked up again: libfuse ends the process when it is told of a
    /// node that it has given up.
    @Test
    void namesComeAndGoWhileOthersListThem() throws Exception {
        List<Client> listing = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                listing.add(mounted.startPython("""
                        print('ready')
                        while not os.path.exists(D + 'end'):
                            for folder, _, files in os.walk(D):
                                for name in files:
                                    try: os.lstat(folder + '/' + name)
                                    except FileNotFoundError: pass
                        """));
                listing.getLast().awaitReady();
            }
            for (int round = 0; round < 150; round++) {
                String name = "c" + round % 7;
                if (round % 2 == 0) {
                    mounted.channel(name, 4096, 2).close();
                } else {
                    String ignored = mounted.sh("mkdir " + name + " && echo 1 > " + name + "/create && rmdir " + name);
                }
            }
            String ignored = mounted.sh("mkdir end");
            for (Client client : listing) {
                client.awaitSuccess();
            }
            assertThat(mounted.sh("ls"))
                    .isEqualTo("buffers\nchannels\ncontrol\nend\nerror_log\nmetrics\nstats\nversion");
        } finally {
            listing.forEach(Client::close);
        }
    }
}
