package org.relayfs.tool.daemon;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.LauncherOptions;
import org.relayfs.tool.cli.ToolException;

/// The start of a daemon: a JVM of its own, in a session of its own, that runs `mount -f`.
///
/// The daemon says on its standard output that the mount answers, or its exit code; end of file there means
/// that it has
/// ended, and then its log says why. It is not our child: a thread of the JDK would wait for it in native
/// code, and for
/// such threads a JVM that is to end waits 300 ms. Nothing else is read from it, and what it says later is lost.
public final class DaemonStart {
    private static final String DAEMON = "relayfs.daemon";
    private static final String ENDED = "ended with code ";
    private static final String NOTE = "note: ";

    /// `cat` is there to be the child until the word has come: when a child ends, the JDK takes what it has written
    /// so far for everything. Busybox has a setsid that knows no `--fork`.
    private static final String START = PrivateJar.TAKE
            + "setsid --fork \"$@\" < /dev/null || { echo 'relayfs: no daemon can be started: it needs the setsid of"
            + " util-linux, which knows --fork' >&2; exit; }; exec cat > /dev/null";

    /// Where the launcher keeps what these variables ask of a JVM: they mean the daemon. The JVM that starts it would
    /// take the ports that they name.
    private static final String KEPT = "RELAYFS_DAEMON_";

    /// The end of the names of two: the launcher's options for a daemon, and its user's.
    private static final String OPTIONS = "OPTS";

    private static final List<String> JVM_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /// Longer than the daemon's own time limits, so that the daemon gives up first and says why.
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
        ProcessBuilder builder = new ProcessBuilder(command())
                .directory(new File("/"))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        giveBackVariables(builder.environment());
        Process starter = builder.start();
        int code;
        try {
            code = awaitWord(starter, log);
        } finally {
            starter.getOutputStream().close();
        }
        starter.waitFor();
        if (code == ExitCode.OK) {
            return;
        }
        String why = log.tail();
        why.lines().filter(line -> line.startsWith("fuse")).forEach(System.err::println); // libfuse's own words
        throw new ToolException(code, why.isEmpty() ? "the daemon ended with code " + code : lastComplaint(why));
    }

    private int awaitWord(Process starter, DaemonLog log) throws ToolException, IOException, InterruptedException {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> code.complete(read(starter.inputReader(StandardCharsets.UTF_8))));
        try {
            return code.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            DaemonProcess.of(mountPoint)
                    .flatMap(daemon -> ProcessHandle.of(daemon.pid()))
                    .ifPresent(DaemonStart::end);
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
                if (line.startsWith(NOTE)) {
                    System.err.println("relayfs: " + line);
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

    /// Whether this process was started as a daemon by one that has ended before it could hear the word, by a signal.
    static boolean isAbandoned() {
        return Boolean.getBoolean(DAEMON) && System.out.checkError();
    }

    /// Whether this process was started as a daemon: then it is the starter that tells the user.
    static boolean isDaemon() {
        return Boolean.getBoolean(DAEMON);
    }

    /// Tells the user something that is no error: on standard error, if need be through the starter.
    static void tellUser(String text) {
        (isDaemon() ? System.out : System.err).println(isDaemon() ? NOTE + text : "relayfs: " + NOTE + text);
    }

    /// Called when a command ends with an error: tells whoever has started it as a daemon.
    public static void tellStarter(int code) {
        if (isDaemon()) {
            System.out.println(ENDED + code);
        }
    }

    /// The daemon's own word to its user, without the log lines around it.
    private static String lastComplaint(String log) {
        int complaint = log.lastIndexOf("relayfs: ");
        return complaint < 0 ? log : log.substring(complaint + "relayfs: ".length());
    }

    private List<String> command() {
        PrivateJar jar = PrivateJar.of(absolute(System.getProperty("java.class.path")));
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                START,
                "sh",
                jar.argument(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + DAEMON + "=true",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir="
                        + Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath()));
        command.addAll(LauncherOptions.collector());
        command.addAll(LauncherOptions.cache());
        command.addAll(words(KEPT + OPTIONS));
        command.addAll(words("RELAYFS_" + OPTIONS));
        command.addAll(List.of("-cp", jar.classPath(), mainClass.getName(), "mount", "-f"));
        if (!options.isEmpty()) {
            command.addAll(List.of("-o", String.join(",", options)));
        }
        pidFile.ifPresent(file ->
                command.addAll(List.of("--pid-file", file.toAbsolutePath().toString())));
        command.add(mountPoint.toString());
        return command;
    }

    private static List<String> words(String variable) {
        String words = System.getenv().getOrDefault(variable, "").strip();
        return words.isEmpty() ? List.of() : List.of(words.split("\\s+"));
    }

    private static void giveBackVariables(Map<String, String> environment) {
        environment.remove(KEPT + OPTIONS);
        for (String name : JVM_VARIABLES) {
            String kept = environment.remove(KEPT + name);
            if (kept != null) {
                environment.put(name, kept);
            }
        }
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
