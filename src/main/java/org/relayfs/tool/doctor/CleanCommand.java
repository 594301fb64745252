package org.relayfs.tool.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.linux.CurrentUser;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs clean`: removes the shared memory of dead processes.
@Command(
        name = "clean",
        description = {
            "Removes the shared memory of processes that no longer exist.",
            "Records in it that were not read are lost. The memory of a live process is never touched, whatever namespace "
                    + "the process is in."
        },
        exitCodeList = {"0:done", "1:incorrect usage", "2:something could not be removed"})
public final class CleanCommand extends FileCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "SHM-FOLDER",
            description = "The shared memory of a process; by default, that of all dead processes of this user.")
    private List<Path> folders = List.of();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only print what would be removed.")
    private boolean dryRun;

    @Option(
            names = {"-a", "--all-users"},
            description = "Include the memory of all users, which requires root.")
    private boolean allUsers;

    @Override
    protected int run() throws IOException, ToolException {
        if (allUsers && !CurrentUser.isRoot()) {
            throw new ToolException(ExitCode.USAGE, "--all-users: only for root");
        }
        if (allUsers && !folders.isEmpty()) {
            throw new ToolException(ExitCode.USAGE, "--all-users: not with a SHM-FOLDER");
        }
        int code = ExitCode.OK;
        for (OwnerFolder folder : folders.isEmpty() ? allDead() : named()) {
            if (!remove(folder)) {
                code = ExitCode.SYSTEM;
            }
        }
        return code;
    }

    private List<OwnerFolder> allDead() throws IOException {
        return OwnerFolder.list(allUsers).stream()
                .filter(OwnerFolder::isLeftBehind)
                .toList();
    }

    // All are looked at before one is removed.
    private List<OwnerFolder> named() throws IOException, ToolException {
        List<OwnerFolder> named = new ArrayList<>();
        for (Path path : folders) {
            OwnerFolder folder = OwnerFolder.in(path.toRealPath())
                    .orElseThrow(() -> new ToolException(
                            ExitCode.USAGE,
                            path + ": not the shared memory of a process; give its folder, such as "
                                    + "/dev/shm/relayfs-0/4711-123456-1"));
            if (!folder.isLeftBehind()) {
                throw new ToolException(ExitCode.USAGE, path + ": its owner is alive; unmount, or end that process");
            }
            named.add(folder);
        }
        return named;
    }

    private boolean remove(OwnerFolder folder) {
        try {
            String what = folder.path() + ": process " + folder.owner().pid() + " has ended, "
                    + ByteSize.text(folder.size()) + (dryRun ? " are left" : " removed");
            if (!dryRun) {
                folder.remove();
            }
            spec.commandLine().getOut().println(what);
            return true;
        } catch (IOException e) {
            spec.commandLine().getErr().println("relayfs: " + Complaint.of(e).getMessage());
            return false;
        }
    }
}
