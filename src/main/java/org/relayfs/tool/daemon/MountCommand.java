package org.relayfs.tool.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.relayfs.memory.Leftovers;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.LogFile;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.cli.VersionCommand;
import org.relayfs.tool.client.MountDirectory;
import org.relayfs.tool.doctor.SystemChecks;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `relayfs mount`: serves a mount, as a daemon or in the foreground.
@Command(
        name = "mount",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:mounted; with -f: the mount has ended",
            "1:incorrect usage",
            "2:system error",
            "32:the mount failed"
        },
        description = {
            "Mounts a relayfs on a directory.",
            "Returns as soon as the mount answers. A daemon serves it until it is unmounted or receives SIGTERM."
        })
public final class MountCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory to mount on.")
    private Path directory;

    @Option(
            names = {"-f", "--foreground"},
            description = "Serve the mount from this process, which exits when the mount ends.")
    private boolean foreground;

    @Option(
            names = "-o",
            split = ",",
            paramLabel = "OPTION",
            description = "Mount options, separated by commas, as in mount(8).")
    private List<String> options = List.of();

    @Option(
            names = "--adopt",
            arity = "0..1",
            parameterConsumer = AdoptedFolder.class,
            paramLabel = "FOLDER",
            description =
                    "Take over the channels that a process has left that served a mount on DIR and was killed; or "
                            + "those in FOLDER, its shared memory.")
    private String adopt;

    @Option(names = "--log-file", paramLabel = "FILE", description = "The log file of the daemon.")
    private Path logFile;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "Keep the process ID of the serving process in this file while it serves the mount.")
    private Path pidFile;

    /// Takes the next word only if it is a folder of shared memory: it may also be the directory.
    static final class AdoptedFolder implements IParameterConsumer {
        private static final Pattern FOLDER = Pattern.compile(".*/relayfs-\\d+/\\d+-\\d+-\\d+/?");

        @Override
        public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
            boolean named = !words.isEmpty() && FOLDER.matcher(words.peek()).matches();
            option.setValue(named ? words.pop() : "");
        }
    }

    @Override
    public Integer call() throws Exception {
        Path mountPoint = MountDirectory.absolute(directory);
        if (adopt != null) {
            options = new ArrayList<>(options);
            options.add(adopt.isEmpty() ? "adopt" : "adopt=" + adopt);
        }
        MountSettings settings = MountSettings.of(options);
        if (settings.adopt().isEmpty()) {
            Leftovers.ofThisUser()
                    .ifPresent(left -> spec.commandLine().getErr().println("relayfs: note: " + left.hint()));
        }
        try {
            mount(mountPoint, settings);
            return ExitCode.OK;
        } catch (ToolException e) {
            throw DaemonStart.isDaemon() ? e : withRemedy(e);
        }
    }

    private void mount(Path mountPoint, MountSettings settings) throws Exception {
        if (foreground) {
            Optional<PidFile> pid = Optional.ofNullable(pidFile).map(PidFile::new);
            new ForegroundMount(mountPoint, settings, pid).run();
            return;
        }
        Path log = logFile == null ? LogFile.of(mountPoint) : logFile.toAbsolutePath();
        new DaemonStart(spec.root().userObject().getClass(), mountPoint, options, Optional.ofNullable(pidFile), log)
                .run();
    }

    /// What the system has not got is the likely reason, and only a look at it names the remedy.
    private ToolException withRemedy(ToolException e) {
        return SystemChecks.obstacle(options)
                .filter(obstacle -> !e.getMessage().contains(obstacle))
                .map(obstacle -> new ToolException(e.exitCode(), e.getMessage() + "; " + obstacle))
                .orElse(e);
    }
}
