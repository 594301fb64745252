package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.relayfs.linux.Fusermount;
import org.relayfs.linux.MountTable;
import org.relayfs.linux.ProcessIdentity;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.cli.VersionCommand;
import org.relayfs.tool.client.MountDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs umount`: unmounts, and waits until the daemon is gone.
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
    private static final long PATIENCE_MS = 10_000;

    /// A daemon that is still there after this long has a reason.
    private static final long USUAL_MS = 500;

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
        Optional<ProcessIdentity> daemon = DaemonProcess.of(mountPoint);
        List<MountCopy> copies = lazy ? List.of() : MountCopy.of(mount.get().device());
        unmount(mountPoint);
        if (daemon.isPresent() && !lazy) {
            awaitEnd(daemon.get(), mount.get().device(), copies);
        }
        return ExitCode.OK;
    }

    private void unmount(Path mountPoint) throws ToolException {
        Optional<String> refused = Fusermount.unmountByProgram(mountPoint, lazy);
        if (refused.isPresent()) {
            String why = refused.get();
            String hint = why.contains("busy") ? " (a program is using it; -l detaches it anyway)" : "";
            throw new ToolException(ExitCode.MOUNT, why + hint);
        }
    }

    /// [ProcessHandle#onExit] looks three times a second at a process that is not a child, and takes a zombie for alive
    /// until its parent, a container's first process perhaps, gets round to it. This looks more often, and at more.
    private static void awaitEnd(ProcessIdentity daemon, String device, List<MountCopy> copies)
            throws IOException, ToolException, InterruptedException {
        long startNs = System.nanoTime();
        boolean looked = false;
        while (daemon.isAlive()) {
            long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            if (!looked && waitedMs > USUAL_MS) {
                complainOfCopy(device, copies, daemon.pid());
                looked = true;
            }
            if (waitedMs > PATIENCE_MS) {
                throw new ToolException(
                        ExitCode.SYSTEM,
                        "unmounted, but its daemon, process " + daemon.pid() + ", has not ended in " + waitedMs / 1000
                                + " s; kill -KILL " + daemon.pid() + " ends it");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    /// Those that were there before: the device may be another mount's by now.
    private static void complainOfCopy(String device, List<MountCopy> before, long daemon)
            throws IOException, ToolException {
        Set<String> namespaces = before.stream().map(MountCopy::namespace).collect(Collectors.toSet());
        Optional<MountCopy> copy = MountCopy.of(device).stream()
                .filter(there -> namespaces.contains(there.namespace()))
                .findFirst();
        if (copy.isPresent()) {
            throw new ToolException(
                    ExitCode.SYSTEM, "unmounted here, but " + copy.get().complaint(daemon));
        }
    }
}
