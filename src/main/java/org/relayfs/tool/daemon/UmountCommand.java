package org.relayfs.tool.daemon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.relayfs.linux.MountTable;
import org.relayfs.linux.ProcessIdentity;
import org.relayfs.tool.cli.CurrentUser;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.cli.VersionCommand;
import org.relayfs.tool.client.MountDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs umount`: ends a mount, and waits until its daemon is gone.
@Command(
        name = "umount",
        aliases = "unmount",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:unmounted, and the daemon has ended",
            "1:incorrect usage",
            "2:unmounted, but the daemon has not ended",
            "32:not unmounted"
        },
        description = {"Unmounts a relayfs and waits for its daemon to exit.", "Also called relayfs unmount."})
public final class UmountCommand implements Callable<Integer> {
    private static final int PATIENCE_S = 10;
    private static final int POLL_MS = 5;

    @Parameters(index = "0", paramLabel = "DIR", description = "The mount point.")
    private Path directory;

    @Option(
            names = {"-l", "--lazy"},
            description = "Detach it now; files that are open stay readable until they are closed.")
    private boolean lazy;

    @Override
    public Integer call() throws Exception {
        Path mountPoint = MountDirectory.absolute(directory);
        Optional<MountTable.Mount> mount = MountTable.at(mountPoint);
        if (mount.isEmpty()) {
            throw new ToolException(ExitCode.MOUNT, mountPoint + " is not mounted");
        }
        if (!mount.get().isRelayfs()) {
            throw new ToolException(
                    ExitCode.USAGE,
                    mountPoint + " is not a relayfs but " + mount.get().type() + ": not unmounted");
        }
        Optional<ProcessIdentity> daemon =
                DaemonProcess.of(mountPoint).flatMap(process -> ProcessIdentity.of(process.pid()));
        unmount(mountPoint);
        if (daemon.isPresent() && !lazy) {
            awaitEnd(daemon.get());
        }
        return ExitCode.OK;
    }

    private void unmount(Path mountPoint) throws Exception {
        boolean root = CurrentUser.isRoot();
        String target = mountPoint.toString();
        List<String> command = root
                ? (lazy ? List.of("umount", "-l", target) : List.of("umount", target))
                : List.of("fusermount3", lazy ? "-uz" : "-u", target);
        Process unmount = new ProcessBuilder(command).redirectErrorStream(true).start();
        unmount.getOutputStream().close();
        if (!unmount.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            unmount.destroyForcibly();
            throw new ToolException(ExitCode.MOUNT, command.getFirst() + " did not end in " + PATIENCE_S + " s");
        }
        if (unmount.exitValue() != 0) {
            String said = new String(unmount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String hint = said.contains("busy") ? " (a program is using it; -l detaches it anyway)" : "";
            throw new ToolException(ExitCode.MOUNT, said + hint);
        }
    }

    /// [ProcessHandle#onExit] looks three times a second at a process that is not a child, and takes a zombie for alive
    /// until its parent, a container's first process perhaps, gets round to it. This looks more often, and at more.
    private static void awaitEnd(ProcessIdentity daemon) throws ToolException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (daemon.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ToolException(
                        ExitCode.SYSTEM,
                        "unmounted, but its daemon, process " + daemon.pid() + ", has not ended in " + PATIENCE_S
                                + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }
}
