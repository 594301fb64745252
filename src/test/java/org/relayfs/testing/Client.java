package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process beside this JVM, with a time limit for everything that is expected of it. [#close] kills it, if it
/// still runs.
public final class Client implements AutoCloseable {
    private static final int PATIENCE_S = 60;
    private static final String READY = "ready";

    private final List<String> command;
    private final Process process;
    private final Collector output;
    private final Collector errors;

    private Client(Path directory, List<String> command) throws IOException {
        this.command = command;
        ProcessBuilder builder =
                new ProcessBuilder(Signals.heeded(command)).directory(directory == null ? null : directory.toFile());
        // Messages in English, and the system's own programs rather than what a user has put before them.
        builder.environment().put("LC_ALL", "C");
        builder.environment().merge("PATH", "/usr/bin:/bin", (old, system) -> system + ":" + old);
        process = builder.start();
        Leftovers.watchProcess(process.pid());
        output = new Collector(process.getInputStream());
        errors = new Collector(process.getErrorStream());
    }

    /// Starts a program.
    ///
    /// @param command its name and arguments
    /// @return the running program
    /// @throws IOException it cannot be started
    public static Client start(String... command) throws IOException {
        return new Client(null, List.of(command));
    }

    /// Starts a program.
    ///
    /// @param command its name and arguments
    /// @return the running program
    /// @throws IOException it cannot be started
    public static Client start(List<String> command) throws IOException {
        return new Client(null, List.copyOf(command));
    }

    /// Starts a program in a folder, which may be on a mount: the program itself goes there.
    ///
    /// @param directory its working directory
    /// @param command   its name and arguments
    /// @return the running program
    /// @throws IOException it cannot be started
    public static Client startIn(Path directory, List<String> command) throws IOException {
        return new Client(directory, List.copyOf(command));
    }

    /// Starts a class with a main method, in a JVM of its own.
    ///
    /// @param main      its name
    /// @param arguments of the program; those before `--` are options of the JVM
    /// @return the running program
    /// @throws IOException it cannot be started
    public static Client startJava(Class<?> main, String... arguments) throws IOException {
        return start(java(main, arguments));
    }

    /// {@return the command that runs a class with a main method in a JVM of its own}
    ///
    /// @param main      its name
    /// @param arguments of the program; those before `--` are options of the JVM
    public static List<String> java(Class<?> main, String... arguments) {
        int dashes = Arrays.asList(arguments).indexOf("--");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                // A JVM that is killed leaves its file in /tmp.
                "-XX:-UsePerfData"));
        command.addAll(List.of(arguments).subList(0, Math.max(0, dashes)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments).subList(dashes + 1, arguments.length));
        return command;
    }

    /// Runs `sh -c` to its end, which must be 0.
    ///
    /// @param script    for the shell
    /// @param arguments `$1`, `$2`, …
    /// @return what it has printed
    /// @throws Exception it fails
    public static String shell(String script, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try (Client shell = start(command)) {
            return shell.awaitSuccess().output();
        }
    }

    /// @return number of the process
    public long pid() {
        return process.pid();
    }

    /// @return its standard input
    public OutputStream input() {
        return process.getOutputStream();
    }

    /// Waits for the line `ready` on standard output.
    ///
    /// @return this
    /// @throws InterruptedException the test is ended
    public Client awaitReady() throws InterruptedException {
        return awaitReady(output);
    }

    /// Waits for the line `ready` on standard error.
    ///
    /// @return this
    /// @throws InterruptedException the test is ended
    public Client awaitReadyOnErrors() throws InterruptedException {
        return awaitReady(errors);
    }

    private Client awaitReady(Collector from) throws InterruptedException {
        String line = from.takeLine(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        assertThat(line).as(this::toString).isEqualTo(READY);
        return this;
    }

    /// Waits for a line of standard output, passing over others.
    ///
    /// @param start how it begins
    /// @return the line without its end
    /// @throws InterruptedException the test is ended
    public String awaitLine(String start) throws InterruptedException {
        String line = output.takeLine(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        while (line != null && !line.startsWith(start)) {
            line = output.takeLine(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        }
        assertThat(line).as("%s: line %s", this, start).isNotNull();
        return line;
    }

    /// Sends a signal. After `STOP`, all its threads have stopped.
    ///
    /// @param name as kill(1) takes it: `INT`
    /// @return this
    /// @throws Exception it has ended already
    public Client signal(String name) throws Exception {
        String stopped =
                "; until ! grep -q '^State:.[^T]' /proc/%d/task/*/status; do sleep 0.01; done".formatted(pid());
        shell("kill -" + name + " " + pid() + (name.equals("STOP") ? stopped : ""));
        return this;
    }

    /// Waits for the end.
    ///
    /// @return exit code; 128 and the signal's number after a signal
    /// @throws InterruptedException the test is ended
    public int awaitEnd() throws InterruptedException {
        return awaitEnd(PATIENCE_S);
    }

    /// Waits for the end.
    ///
    /// @param patienceS seconds that it may take
    /// @return exit code; 128 and the signal's number after a signal
    /// @throws InterruptedException the test is ended
    public int awaitEnd(long patienceS) throws InterruptedException {
        if (!process.waitFor(patienceS, TimeUnit.SECONDS)) {
            throw new AssertionError("no end in " + patienceS + " s: " + this);
        }
        output.awaitEnd();
        errors.awaitEnd();
        return process.exitValue();
    }

    /// Waits for the end, which must be 0.
    ///
    /// @return this
    /// @throws InterruptedException the test is ended
    public Client awaitSuccess() throws InterruptedException {
        return awaitSuccess(PATIENCE_S);
    }

    /// Waits for the end, which must be 0.
    ///
    /// @param patienceS seconds that it may take
    /// @return this
    /// @throws InterruptedException the test is ended
    public Client awaitSuccess(long patienceS) throws InterruptedException {
        assertThat(awaitEnd(patienceS)).as(this::toString).isZero();
        return this;
    }

    /// @return true until it has ended
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Takes the next line of standard output that was not taken yet.
    ///
    /// @param patienceMs how long to wait for it at most
    /// @return the line without its end, or null when there is none in time
    /// @throws InterruptedException the test is ended
    public String takeLine(long patienceMs) throws InterruptedException {
        return output.takeLine(patienceMs);
    }

    /// Waits for the end, which must be 0.
    ///
    /// @return what of standard output was not taken by line, without white space at the ends
    /// @throws InterruptedException the test is ended
    public String awaitRest() throws InterruptedException {
        awaitSuccess();
        return output.rest().strip();
    }

    /// @return standard output so far
    public String output() {
        return output.text();
    }

    /// @return standard output so far, every byte
    public byte[] outputBytes() {
        return output.bytes();
    }

    /// @return standard error so far
    public String errors() {
        return errors.text();
    }

    @Override
    public String toString() {
        String result = process.isAlive() ? "running" : "ended with " + process.exitValue();
        String text = output();
        return Path.of(command.getFirst()).getFileName() + " " + command + " " + result + "\n"
                + text.substring(Math.max(0, text.length() - 2000)) + "\n" + errors();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes what a process prints, so that it never waits for us.
    private static final class Collector {
        private final Thread thread;

        // Guarded by this.
        private byte[] bytes = new byte[8192];
        private int length;
        private int lineStart;
        private boolean ended;

        Collector(InputStream stream) {
            thread = Thread.ofPlatform().daemon().name("collector").start(() -> collect(stream));
        }

        private void collect(InputStream stream) {
            byte[] part = new byte[65536];
            try (stream) {
                for (int count = stream.read(part); count >= 0; count = stream.read(part)) {
                    add(part, count);
                }
            } catch (IOException e) {
                // The process was killed.
            }
            end();
        }

        private synchronized void add(byte[] part, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (length + count));
            }
            System.arraycopy(part, 0, bytes, length, count);
            length += count;
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        /// @return the next line that was not taken yet, without its end; null when there is none in time
        synchronized String takeLine(long patienceMs) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
            int end = lineStart;
            while (true) {
                while (end < length && bytes[end] != '\n') {
                    end++;
                }
                if (end < length) {
                    String line = new String(bytes, lineStart, end - lineStart, StandardCharsets.ISO_8859_1);
                    lineStart = end + 1;
                    return line;
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || leftMs <= 0) {
                    return null;
                }
                wait(leftMs);
            }
        }

        synchronized String rest() {
            return new String(bytes, lineStart, length - lineStart, StandardCharsets.ISO_8859_1);
        }

        synchronized byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }

        synchronized String text() {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }

        void awaitEnd() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        }
    }
}
