package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.testing.Client;
import org.relayfs.testing.Leftovers;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// Handlers of the program's files that do not return.
@Timeout(120)
@MountTest
final class ProgramHandlersIT {
    private static final int FILES = 50;
    private static final Duration LONG = Duration.ofMinutes(30);

    @TempDir
    private Path temp;

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static TestMount mount(Duration patience) throws IOException {
        return TestMount.open(MountOptions.defaults().withThreads(2).withHandlerTimeout(patience));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Does not return before it is released, whatever interrupts it.
    private byte[] hang() {
        while (true) {
            try {
                release.await();
                return bytes("late\n");
            } catch (InterruptedException e) {
                // As a handler would that knows nothing of it.
            }
        }
    }

    private static void spin(AtomicBoolean until) {
        while (!until.get()) {
            Thread.onSpinWait();
        }
    }

    /// One of them computes for ever. Two session threads serve the mount.
    @Test
    void fiftyThatHangKeepNobodyElseWaiting() throws Exception {
        try (TestMount mounted = mount(LONG)) {
            MountFiles files = mounted.mount().files();
            CountDownLatch running = new CountDownLatch(FILES);
            AtomicBoolean enough = new AtomicBoolean();
            for (int i = 0; i < FILES; i++) {
                boolean spins = i == 0;
                ContentSource content = () -> {
                    running.countDown();
                    if (spins) {
                        spin(enough);
                    }
                    return hang();
                };
                files.file("hangs" + i, 0400, content, null);
            }
            AtomicInteger value = new AtomicInteger();
            files.file(
                    "value", 0600, () -> bytes(value.get() + "\n"), write -> value.set(Integer.parseInt(write.text())));
            RelayChannel channel = mounted.channel("app", 4096, 4);
            try (Client readers = mounted.startPython("""
                    def read(i): got[i] = open(D + 'hangs%d' % i).read()
                    got = [None] * 50
                    threads = [threading.Thread(target=read, args=(i,)) for i in range(50)]
                    for t in threads: t.start()
                    for t in threads: t.join()
                    print(got == ['late\\n'] * 50)
                    """)) {
                assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
                channel.write(bytes("record\n"));
                assertThat(mounted.sh("for i in 1 2 3 4 5 6 7 8 9; do echo $i > value; cat value; done | tr -d '\\n';"
                                + "cat app/cpu0; echo more > app/write; cat app/cpu0; head -n 1 version; ls | wc -l;"
                                + "mkdir x && rmdir x; stat -c %a hangs7; chmod 444 hangs7; cat error_log"))
                        .startsWith("123456789record\nmore\nrelayfs ")
                        .endsWith("\n59\n400");
                assertThat(readers.isAlive()).isTrue();
                enough.set(true);
                release.countDown();
                assertThat(readers.awaitSuccess().output().strip()).isEqualTo("True");
            }
        }
    }

    @Test
    void oneThatHangsIsEioAndThenBusyUntilItReturns() throws Exception {
        try (TestMount mounted = mount(Duration.ofMillis(300))) {
            AtomicInteger called = new AtomicInteger();
            mounted.mount().files().file("hangs", 0600, () -> bytes("fine\n"), write -> {
                called.incrementAndGet();
                hang();
            });
            String outcome = mounted.python("""
                    fd = os.open(D + 'hangs', os.O_RDWR)
                    def read(): outcomes.append(errno_of(os.pread, fd, 9, 0))
                    outcomes = []
                    behind = [threading.Timer(0.05, read) for i in range(3)]
                    for t in behind: t.start()
                    outcomes.append(errno_of(os.write, fd, b'1'))
                    for t in behind: t.join()
                    print(*outcomes)
                    # Its caller is told a moment before the others are.
                    while errno_of(os.write, fd, b'2') != 'EBUSY': pass
                    print('EBUSY', errno_of(os.pread, fd, 9, 0))
                    """);
            assertThat(outcome.lines()).containsExactly("EIO EIO EIO EIO", "EBUSY EBUSY");
            assertThat(called).hasValue(1);
            assertThat(mounted.sh("cat error_log"))
                    .contains("EIO /hangs \"\" its handler has not returned within limit=300 ms");
            release.countDown();
            assertThat(mounted.sh("until cat hangs 2> /dev/null; do sleep 0.01; done"))
                    .isEqualTo("fine");
        }
    }

    /// A handler that can be interrupted is, and then its file works again.
    @Test
    void oneThatCanBeInterruptedIsInterrupted() throws Exception {
        try (TestMount mounted = mount(Duration.ofMillis(100))) {
            mounted.mount().files().file("sleeps", 0600, () -> bytes("fine\n"), write -> Thread.sleep(LONG));
            assertThat(mounted.sh("echo 1 2> /dev/null > sleeps || until cat sleeps 2> /dev/null; do sleep 0.01; done"))
                    .isEqualTo("fine");
        }
    }

    @Test
    void whoWaitsCanBeKilledAndInterrupted() throws Exception {
        try (TestMount mounted = mount(LONG)) {
            CountDownLatch running = new CountDownLatch(1);
            mounted.mount()
                    .files()
                    .file(
                            "hangs",
                            0400,
                            () -> {
                                running.countDown();
                                return hang();
                            },
                            null);
            try (Client killed = Client.start("cat", mounted.file("hangs"));
                    Client behind = mounted.startPython("""
                            signal.signal(signal.SIGALRM, lambda *_: 1 / 0)
                            signal.setitimer(signal.ITIMER_REAL, 0.3)
                            try: open(D + 'hangs').read()
                            except ZeroDivisionError: print('interrupted')
                            """)) {
                assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(behind.awaitSuccess().output().strip()).isEqualTo("interrupted");
                killed.signal("KILL");
                assertThat(killed.awaitEnd()).isEqualTo(137);
            }
            release.countDown();
            assertThat(mounted.sh("cat hangs")).isEqualTo("late");
        }
    }

    @Test
    void tooManyWhoWaitAreTurnedAway() throws Exception {
        try (TestMount mounted = mount(LONG)) {
            mounted.mount().files().file("hangs", 0400, this::hang, null);
            try (Client readers = mounted.startPython("""
                    def read():
                        outcome = errno_of(os.read, os.open(D + 'hangs', os.O_RDONLY), 9)
                        with lock:
                            outcomes.append(outcome)
                            if len(outcomes) == 4: print('ready')
                    outcomes = []; lock = threading.Lock()
                    threads = [threading.Thread(target=read) for i in range(20)]
                    for t in threads: t.start()
                    for t in threads: t.join()
                    print(outcomes.count('EBUSY'), outcomes.count('OK'))
                    """)) {
                readers.awaitReady();
                release.countDown();
                assertThat(readers.awaitSuccess().output().lines().toList().getLast())
                        .isEqualTo("4 16");
            }
        }
    }

    /// Neither the end of the mount nor that of the JVM waits for it; whoever waits is answered.
    @Test
    void nothingThatEndsWaitsForOne() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("mnt"));
        Leftovers.watchMountPoint(folder);
        try (Client program = Client.startJava(Program.class, folder.toString()).awaitReady();
                Client reader = Client.start("sh", "-c", "cat $0 2>&1; echo $?", folder + "/hangs")) {
            program.awaitLine("asked");
            program.input().close();
            assertThat(reader.awaitSuccess().output())
                    .contains("No such device")
                    .endsWith("1\n");
            program.awaitSuccess();
        }
    }

    /// A mount whose only file hangs; ends with its standard input.
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            AtomicBoolean never = new AtomicBoolean();
            MountOptions options = MountOptions.defaults().withHandlerTimeout(LONG);
            try (Relay relay = Relay.create();
                    RelayMount mount = RelayMount.mount(relay, Path.of(args[0]), options)) {
                mount.files()
                        .file(
                                "hangs",
                                0400,
                                () -> {
                                    System.out.println("asked");
                                    spin(never);
                                    return null;
                                },
                                null);
                System.out.println("ready");
                System.in.readAllBytes();
            }
        }
    }

    /// They go as they came.
    @Test
    void noThreadIsLeftOverAfterTheMount() throws Exception {
        try (TestMount mounted = mount(LONG)) {
            mounted.mount().files().file("value", 0400, () -> bytes("1\n"), null);
            assertThat(mounted.sh("cat value")).isEqualTo("1");
            assertThat(handlerThreads()).isNotEmpty();
        }
        for (Thread thread : handlerThreads()) {
            assertThat(thread.join(Duration.ofSeconds(20)))
                    .as(thread.toString())
                    .isTrue();
        }
    }

    private static List<Thread> handlerThreads() {
        List<Thread> found = new ArrayList<>(Thread.getAllStackTraces().keySet());
        found.removeIf(thread -> !thread.getName().startsWith("relayfs-handler"));
        return found;
    }
}
