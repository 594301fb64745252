package org.relayfs.tool.doctor;

import java.io.IOException;
import org.relayfs.linux.CurrentUser;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.cli.Complaint;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        int code = ExitCode.OK;
        for (OwnerFolder folder : OwnerFolder.list(allUsers)) {
            if (folder.isLeftBehind() && !remove(folder)) {
                code = ExitCode.SYSTEM;
            }
        }
        return code;
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
