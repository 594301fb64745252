package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.Relay;
import org.relayfs.fuse.RelayMount;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Programs;

/// Field case 3: the heap of the process that serves a mount is small, or full.
@MountTest
@Timeout(900)
class FullHeapIT {
    /// Each takes some 100 ms when every allocation collects the garbage in vain first.
    private static final int PATIENCE_S = 60;

    private static final int MAX_FILLS = 10;

    @TempDir
    private Path folder;

    /// Channels, open files and pollers are refused before there is no memory for them.
    @Test
    void whatIsMadeAndOpenedFitsIntoTheHeap() throws Exception {
        try (Daemon daemon = Daemon.start(folder, "nr_channels=4096", List.of(), "-Xmx32m");
                Client crowd = Client.start("python3", Programs.python("heap_crowd"), folder.toString())) {
            crowd.awaitSuccess(PATIENCE_S);
            assertThat(crowd.output()).contains("channels refused: ENOSPC\n").contains("read 4096\n");
            assertThat(crowd.output()).containsPattern("files refused: (none|ENFILE)\n");
            daemon.process().signal("TERM").awaitEnd();
            assertThat(daemon.process().errors()).doesNotContain("OutOfMemory", "ERROR");
        }
    }

    /// The program has no memory left, and takes what others give back. Whoever asks has an answer, and when there is
    /// memory again all is as it was. Interpreted code makes objects where compiled code makes none.
    @Test
    void everyRequestHasAnAnswer() throws Exception {
        Leftovers.watchMountPoint(folder);
        try (Client server = Client.start(
                        Daemon.java(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xmx24m",
                        "-Xint",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hoarder.class.getName(),
                        folder.toString())
                .awaitReady()) {
            assertThat(use()).isEqualTo("0 0 0 0 0 0 0");
            // Filled anew until something failed for it: what others give back may be enough for all that is asked.
            for (int round = 0; round < MAX_FILLS && !server.errors().contains("the heap is full"); round++) {
                tell(server, Hoarder.FILL, "filled");
                assertThat(use()).matches("([01] ){6}[01]");
            }
            assertThat(server.errors()).contains("the heap is full");
            tell(server, Hoarder.KEEP, "filled");
            for (int round = 0; round < 3; round++) {
                assertThat(use()).matches("([01] ){6}[01]");
            }
            tell(server, Hoarder.FREE, "free");
            assertThat(use()).isEqualTo("0 0 0 0 0 0 0");
            server.input().close();
            server.awaitSuccess();
        }
    }

    private static void tell(Client server, char what, String answer) throws Exception {
        try {
            server.input().write(what);
            server.input().flush();
        } catch (IOException e) {
            server.awaitSuccess(); // or says with what words it has ended
            throw e;
        }
        server.awaitLine(answer);
    }

    /// {@return the exit codes of some programs that use the mount, each in its time}
    private String use() throws Exception {
        String script = """
                cd "$1"; list=
                for what in 'cat version' 'ls' 'stat app/cpu0' 'echo hello >app/write' 'cat app/cpu0' 'cat app/stats' \\
                        'python3 "$2" app/cpu0'; do
                    timeout -s KILL %d sh -c "$what" sh "$1" "$2" >/dev/null 2>&1; code=$?
                    case $code in 0 | 1) ;; 2) code=1 ;; *) code="$code($what)" ;; esac
                    list="$list $code"
                done; echo $list""".formatted(PATIENCE_S);
        try (Client user = Client.start("sh", "-c", script, "sh", folder.toString(), Programs.python("poll_once"))) {
            return user.awaitSuccess(8 * PATIENCE_S).output().strip();
        }
    }

    /// Mounts, and keeps all memory that there is for itself for a while.
    static final class Hoarder {
        static final char FILL = 'f';
        static final char KEEP = 'k';
        static final char FREE = 'r';

        private static final byte[] FILLED = "filled\n".getBytes(StandardCharsets.US_ASCII);
        private static final int SMALLEST = 16;

        private Hoarder() {}

        /// One object holds the next: to remember it takes no memory of its own.
        private static Object[] hoard;

        public static void main(String[] args) throws Exception {
            try (Relay relay = Relay.create();
                    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
                    RelayMount mount = RelayMount.mount(relay, Path.of(args[0]))) {
                relay.open("app", ChannelConfig.of(65_536, 4).withGlobal(true));
                System.out.println(mount.isMounted() ? "ready" : "gone");
                for (int what = next(); what >= 0; what = next()) {
                    obey(what, out);
                    while (what == KEEP && System.in.available() == 0) {
                        fill();
                        LockSupport.parkNanos(1_000_000);
                    }
                }
            }
        }

        /// Whatever fails for want of memory is tried again: this thread must not end the program.
        private static void obey(int what, FileOutputStream out) throws IOException {
            while (true) {
                try {
                    if (what != FREE) {
                        fill();
                        out.write(FILLED);
                    } else {
                        hoard = null;
                        System.out.println("free");
                    }
                    return;
                } catch (OutOfMemoryError e) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        private static int next() throws IOException {
            while (true) {
                try {
                    return System.in.read();
                } catch (OutOfMemoryError e) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        private static void fill() {
            for (int size = 1 << 18; size >= SMALLEST; size /= 2) {
                try {
                    while (true) {
                        Object[] more = new Object[size / 4];
                        more[0] = hoard;
                        hoard = more;
                    }
                } catch (OutOfMemoryError e) {
                    // A smaller one may fit.
                }
            }
        }
    }
}
