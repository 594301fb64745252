package org.relayfs.tool.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.VersionCommand;
import org.relayfs.tool.client.MountDirectory;
import picocli.CommandLine.Command;
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
            "1:wrong call",
            "2:system error",
            "32:the mount failed"
        },
        description = {
            "Mounts a relayfs on a directory.",
            "Returns when the mount answers; a daemon serves it until it is unmounted or gets SIGTERM."
        })
public final class MountCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory to mount on.")
    private Path directory;

    @Option(
            names = {"-f", "--foreground"},
            description = "Serve from this process, which ends with the mount.")
    private boolean foreground;

    @Option(
            names = "-o",
            split = ",",
            paramLabel = "OPTION",
            description = "Mount options, separated by commas, as in mount(8).")
    private List<String> options = List.of();

    @Option(names = "--log-file", paramLabel = "FILE", description = "Where the daemon logs to.")
    private Path logFile;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "Where the pid of the process that serves the mount stands, while it does.")
    private Path pidFile;

    @Override
    public Integer call() throws Exception {
        Path mountPoint = MountDirectory.absolute(directory);
        MountSettings settings = MountSettings.of(options);
        if (foreground) {
            Optional<PidFile> pid = Optional.ofNullable(pidFile).map(PidFile::new);
            return new ForegroundMount(mountPoint, settings, pid).run();
        }
        Path log = logFile == null ? DaemonLog.defaultFile(mountPoint) : logFile.toAbsolutePath();
        new DaemonStart(spec.root().userObject().getClass(), mountPoint, options, Optional.ofNullable(pidFile), log)
                .run();
        return ExitCode.OK;
    }
}
