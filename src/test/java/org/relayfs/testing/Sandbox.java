package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.relayfs.Relay;
import org.relayfs.fuse.MountOptions;
import org.relayfs.memory.SharedFolder;

/// One test's folder, its mount in this JVM and the processes that use it. Whatever becomes of the test,
/// all of it is taken away again; [MountTest] then proves that.
public final class Sandbox implements BeforeEachCallback, AfterEachCallback {
    /// The exit code of `timeout`.
    public static final int TOO_LONG = 124;

    private static final int LIMIT_S = 30;
    private static final int KILL_AFTER_S = 2;
    private static final int KILLED = 128 + 9;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Path folder;
    private Path mountPoint;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("relayfs-acceptance");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Exception trouble = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                trouble = e;
            }
        }
        detachMounts();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    /// A program that was killed leaves its mount behind, which nothing can be deleted in.
    private void detachMounts() throws Exception {
        for (String line : Files.readString(Path.of("/proc/self/mountinfo")).split("\n")) {
            String mount = line.split(" ")[4];
            if (mount.startsWith(folder + "/")) {
                Client.shell("umount -l \"$1\" || fusermount3 -uz \"$1\"", mount);
            }
        }
    }

    /// @return the test's own folder, which is not on the mount
    public Path folder() {
        return folder;
    }

    /// Mounts a new relay without a quota.
    public Relay mount() throws IOException {
        return mount(Relay.create(), MountOptions.defaults());
    }

    /// Mounts a relay; both are closed after the test.
    public Relay mount(Relay relay, MountOptions options) throws IOException {
        use(closing(TestMount.open(relay, options)).path());
        return relay;
    }

    /// @param folder where clients run: what another process has mounted
    public void use(Path folder) {
        mountPoint = folder;
    }

    /// Closes something after the test, before what was to be closed before.
    public <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /// Runs a shell script in the root of the mount.
    public Outcome sh(String script) throws Exception {
        return run("sh", "-c", script);
    }

    /// The same with bash, which names the errno of a failed write.
    public Outcome bash(String script) throws Exception {
        return run("bash", "-c", script);
    }

    /// Runs a Python script in the root of the mount.
    public Outcome python(String script, String... arguments) throws Exception {
        return end(startPython(script, arguments));
    }

    /// Runs a program in the root of the mount.
    public Outcome run(String... command) throws Exception {
        return end(start(command));
    }

    public Client startPython(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3", "-u", "-c", script));
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    /// Starts a class with a main method, in a JVM of its own, which does not run in the mount.
    public Client startJava(Class<?> main, String... arguments) throws IOException {
        return startJava(System.getProperty("java.class.path"), main.getName(), arguments);
    }

    public Client startJava(String classPath, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                main));
        command.addAll(List.of(arguments));
        Client program = Client.startIn(folder, command);
        closing(() -> removeMemoryIfKilled(program));
        closing(program);
        closing(() -> endInTime(program));
        return program;
    }

    /// What a program leaves that ends by itself, is an error; what one leaves that had to be killed, is not.
    private static void removeMemoryIfKilled(Client program) throws Exception {
        if (program.awaitEnd() != KILLED) {
            return;
        }
        Path home = SharedFolder.ofUser(SharedFolder.userId());
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(home, program.pid() + "-*")) {
            for (Path left : folders) {
                SharedFolder.remove(left);
            }
        } catch (NoSuchFileException e) {
            // Nobody has any.
        }
    }

    /// A program that is killed cannot unmount: it gets the chance to end by itself.
    private static void endInTime(Client program) throws Exception {
        program.input().close();
        for (int i = 0; i < LIMIT_S * 10 && program.isAlive(); i++) {
            Thread.sleep(100);
        }
    }

    /// Starts a program in the root of the mount. `timeout` ends it, and what it has started, in any case.
    public Client start(String... command) throws IOException {
        List<String> bounded = new ArrayList<>(List.of("timeout", "--kill-after=" + KILL_AFTER_S, LIMIT_S + "s"));
        bounded.addAll(List.of(command));
        Client client = closing(Client.startIn(mountPoint, bounded));
        closing(() -> killGroup(client));
        return client;
    }

    /// `timeout` leads a process group: nobody gets away, not even while being started.
    private static void killGroup(Client client) throws Exception {
        if (client.isAlive()) {
            Client.shell("kill -KILL -- -$1 2> /dev/null || true", client.pid());
        }
    }

    /// Waits until the program that was started, or the last that it has started itself, sleeps: it is then
    /// in a system call that takes time.
    public static void awaitSleep(Client client) {
        Awaitility.await("asleep")
                .pollInterval(Duration.ofMillis(5))
                .during(Duration.ofMillis(10))
                .until(() -> !client.isAlive() || state(client).startsWith("S"));
        assertThat(client.isAlive()).as(client.toString()).isTrue();
    }

    /// @return what procfs says of it after its name, which is in parentheses
    private static String state(Client client) throws IOException {
        ProcessHandle timeout = ProcessHandle.of(client.pid()).orElseThrow();
        ProcessHandle program = timeout.descendants().reduce((_, last) -> last).orElse(timeout);
        String stat = Files.readString(Path.of("/proc/" + program.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2);
    }

    /// Writes a line to a client's standard input.
    public static void tell(Client client, String line) throws IOException {
        client.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        client.input().flush();
    }

    /// Ends a client's standard input and waits until it has ended.
    public Outcome end(Client client) throws IOException, InterruptedException {
        client.input().close();
        int exit = client.awaitEnd();
        open.remove(client);
        return new Outcome(client.toString(), exit, client.outputBytes(), client.errors());
    }
}
