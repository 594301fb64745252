package org.relayfs.tool.daemon;

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
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;

/// Starts a daemon: a JVM of its own, in a session of its own, that runs `mount -f`.
///
/// The daemon says on its standard output that the mount answers, or its exit code; end of file there means that it has
/// ended, and then its log says why. It is not our child: a thread of the JDK would wait for it in native code, and for
/// such threads a JVM that is to end waits 300 ms. Nothing else is read from it, and what it says later is lost.
public final class DaemonStart {
    private static final String DAEMON = "relayfs.daemon";
    private static final String ENDED = "ended with code ";

    /// The shell ends with the first word that the daemon says.
    private static final String START =
            "setsid --fork \"$@\" | grep -m 1 -E '^(" + ForegroundMount.READY + "|" + ENDED + ")'";

    /// Longer than the daemon's own waits, so that it is the daemon that gives up and says why.
    private static final int PATIENCE_S = 30;

    private final Class<?> mainClass;
    private final Path mountPoint;
    private final List<String> options;
    private final Optional<Path> pidFile;
    private final Path logFile;

    DaemonStart(Class<?> mainClass, Path mountPoint, List<String> options, Optional<Path> pidFile, Path logFile) {
        this.mainClass = mainClass;
        this.mountPoint = mountPoint;
        this.options = options;
        this.pidFile = pidFile;
        this.logFile = logFile;
    }

    void run() throws ToolException, IOException, InterruptedException {
        DaemonLog log = DaemonLog.open(logFile);
        Process starter = new ProcessBuilder(command())
                .directory(new File("/"))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                .start();
        int code = awaitWord(starter, log);
        if (code == ExitCode.OK) {
            return;
        }
        String why = log.tail();
        why.lines().filter(line -> line.startsWith("fuse")).forEach(System.err::println); // libfuse's own words
        throw new ToolException(code, why.isEmpty() ? "the daemon ended with code " + code : lastComplaint(why));
    }

    private int awaitWord(Process starter, DaemonLog log) throws ToolException, InterruptedException {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> code.complete(read(starter.inputReader(StandardCharsets.UTF_8))));
        try {
            return code.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            DaemonProcess.of(mountPoint).ifPresent(DaemonStart::end);
            throw new ToolException(
                    ExitCode.MOUNT, "no answer from the mount in " + PATIENCE_S + " s, given up; see " + log.file());
        }
    }

    private static void end(ProcessHandle daemon) {
        daemon.destroy();
        daemon.onExit().completeOnTimeout(daemon, PATIENCE_S, TimeUnit.SECONDS).join();
        daemon.destroyForcibly();
    }

    /// The daemon's exit code, or 0 as soon as it is ready.
    private static int read(BufferedReader said) {
        int code = ExitCode.SYSTEM;
        try {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(ForegroundMount.READY)) {
                    return ExitCode.OK;
                }
                if (line.startsWith(ENDED)) {
                    code = Integer.parseInt(line.substring(ENDED.length()));
                }
            }
        } catch (IOException e) {
            // As if it had ended without a word.
        }
        return code;
    }

    /// Called when a command ends with an error: tells whoever has started it as a daemon.
    public static void tellStarter(int code) {
        if (Boolean.getBoolean(DAEMON)) {
            System.out.println(ENDED + code);
        }
    }

    /// The daemon's own word to its user, without the log lines around it.
    private static String lastComplaint(String log) {
        int complaint = log.lastIndexOf("relayfs: ");
        return complaint < 0 ? log : log.substring(complaint + "relayfs: ".length());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                START,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + DAEMON + "=true",
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
        command.addAll(List.of("-cp", absolute(classPath), mainClass.getName(), "mount", "-f"));
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
