package org.relayfs.tool;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Starts a daemon: a JVM of its own, in a session of its own, that runs `mount -f`.
///
/// The daemon says on its standard output that the mount answers; end of file there means that it gave up, and then
/// its log says why. Nothing else is ever written to that pipe, because nobody reads it afterwards.
final class DaemonStart {
    /// Longer than the daemon's own waits, so that it is the daemon that gives up and says why.
    private static final int PATIENCE_S = 30;

    private final Path mountPoint;
    private final List<String> options;
    private final Optional<Path> pidFile;
    private final Path logFile;

    DaemonStart(Path mountPoint, List<String> options, Optional<Path> pidFile, Path logFile) {
        this.mountPoint = mountPoint;
        this.options = options;
        this.pidFile = pidFile;
        this.logFile = logFile;
    }

    void run() throws ToolException, IOException, InterruptedException {
        DaemonLog log = DaemonLog.open(logFile);
        Process daemon = new ProcessBuilder(command())
                .directory(new File("/"))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                .start();
        if (isReady(daemon, log)) {
            return;
        }
        if (!daemon.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            daemon.destroyForcibly();
            throw new ToolException(ExitCode.SYSTEM, "the daemon gave up but does not end; see " + log.file());
        }
        String why = log.tail();
        why.lines().filter(line -> line.startsWith("fuse")).forEach(System.err::println); // libfuse's own words
        String text = why.isEmpty() ? "the daemon ended with code " + daemon.exitValue() : lastComplaint(why);
        throw new ToolException(daemon.exitValue() == ExitCode.OK ? ExitCode.SYSTEM : daemon.exitValue(), text);
    }

    private static boolean isReady(Process daemon, DaemonLog log) throws ToolException, InterruptedException {
        BufferedReader said = daemon.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                String line = said.readLine();
                while (line != null && !line.startsWith(ForegroundMount.READY)) {
                    line = said.readLine();
                }
                ready.complete(line != null);
            } catch (IOException e) {
                ready.complete(false);
            }
        });
        try {
            return ready.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            daemon.destroy();
            if (!daemon.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
            throw new ToolException(
                    ExitCode.MOUNT, "no answer from the mount in " + PATIENCE_S + " s, given up; see " + log.file());
        }
    }

    /// The daemon's own word to its user, without the log lines around it.
    private static String lastComplaint(String log) {
        int complaint = log.lastIndexOf("relayfs: ");
        return complaint < 0 ? log : log.substring(complaint + "relayfs: ".length());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir="
                        + Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath()));
        String classPath = System.getProperty("java.class.path");
        Path cache = Path.of(classPath.replaceFirst("\\.jar$", ".aot")).toAbsolutePath();
        if (classPath.endsWith(".jar") && Files.isReadable(cache)) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        String more = System.getenv().getOrDefault("RELAYFS_OPTS", "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.addAll(List.of("-cp", absolute(classPath), RelayfsCommand.class.getName(), "mount", "-f"));
        if (!options.isEmpty()) {
            command.addAll(List.of("-o", String.join(",", options)));
        }
        pidFile.ifPresent(file ->
                command.addAll(List.of("--pid-file", file.toAbsolutePath().toString())));
        command.add(mountPoint.toString());
        return command;
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
