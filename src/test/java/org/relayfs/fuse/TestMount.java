package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.TreeOptions;

/// A relay, its tree and its mount, used by other processes only: a JVM that waits for its own mount may wait for
/// ever.
final class TestMount implements AutoCloseable {
    private static final int PATIENCE_S = 60;

    /// Python: `D` is the mount, `errno_of(f, …)` the name of the error that f gives, `Map(fd, length)` a mapping
    /// that does not care for `st_size`.
    private static final String PRELUDE = """
            import ctypes, errno, mmap, os, select, signal, sys, threading, time
            D = sys.argv[1] + '/'
            def errno_of(f, *args):
                try: f(*args); return 'OK'
                except OSError as e: return errno.errorcode[e.errno]
            _c = ctypes.CDLL(None, use_errno=True)
            _c.mmap.restype = ctypes.c_void_p
            _c.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
            class Map:
                def __init__(self, fd, length, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ):
                    self.address = _c.mmap(None, length, prot, flags, fd, 0)
                    if self.address == 2 ** 64 - 1:
                        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
                def get(self, offset, length):
                    return ctypes.string_at(self.address + offset, length)
            def control(name, text):
                with open(D + name, 'w') as f: f.write(text)
            def later(f, *args):
                t = threading.Timer(0.2, f, args); t.daemon = True; t.start()
            """;

    final Relay relay;
    final RelayTree tree;
    final RelayMount mount;

    TestMount(Path folder) throws IOException {
        this(folder, MountOptions.defaults());
    }

    TestMount(Path folder, MountOptions options) throws IOException {
        requireFuse();
        relay = Relay.create();
        tree = new RelayTree(
                relay, new TreeOptions(0, 0, () -> "mmap " + options.mmap().text()));
        try {
            mount = RelayMount.mount(tree, folder, options);
        } catch (IOException e) {
            tree.close();
            relay.close();
            throw e;
        }
    }

    /// Skips the test where there is no FUSE, unless the environment demands it.
    static void requireFuse() {
        if (!Files.isWritable(Path.of("/dev/fuse"))) {
            if ("1".equals(System.getenv("RELAYFS_REQUIRE_FUSE"))) {
                fail("/dev/fuse cannot be opened, and RELAYFS_REQUIRE_FUSE=1");
            }
            abort("/dev/fuse cannot be opened");
        }
    }

    RelayChannel channel(String name, long subBufferSize, int subBufferCount) throws IOException {
        return relay.open(name, ChannelConfig.of(subBufferSize, subBufferCount).withGlobal(true));
    }

    /// Runs a shell script in the mount.
    ///
    /// @return what it wrote
    String sh(String script) throws Exception {
        return output(start("sh", "-c", "cd '" + mount.mountPoint() + "' && " + script));
    }

    /// Runs a Python script.
    ///
    /// @return what it wrote
    String python(String script) throws Exception {
        return output(startPython(script));
    }

    Process startPython(String script) throws IOException {
        return start("python3", "-c", PRELUDE + script, mount.mountPoint().toString());
    }

    /// Starts a client that cannot outlive our patience.
    static Process start(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("timeout", "-s", "KILL", Integer.toString(PATIENCE_S)));
        words.addAll(List.of(command));
        return new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .start();
    }

    static String output(Process client) throws Exception {
        String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(client.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).as("exit code; output:%n%s", output).isZero();
        return output.strip();
    }

    @Override
    public void close() {
        mount.close();
        tree.close();
        relay.close();
    }
}
