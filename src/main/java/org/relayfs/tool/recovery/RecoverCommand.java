package org.relayfs.tool.recovery;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.Json;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs recover`: writes what the channels of dead processes still hold to files.
@Command(
        name = "recover",
        description = {
            "Writes the records that dead processes have left in shared memory to files.",
            "The files are OUTDIR/PROCESS/CHANNEL/cpuN, named as in shared memory. They hold what was not read, in order, "
                    + "without the records that were not finished. The memory is not changed; relayfs clean removes it."
        },
        exitCodeList = {
            "0:everything is recovered",
            "1:incorrect usage, the process is alive, or files exist already",
            "2:system error",
            "3:recovered, but something is damaged or missing"
        })
public final class RecoverCommand extends FileCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "SHM-FOLDER",
            description =
                    "The shared memory of a process, or of one of its channels; by default, of all dead processes "
                            + "of this user.")
    private List<Path> folders = List.of();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUTDIR",
            description = "The folder for the files; created if it does not exist.")
    private Path output;

    @Option(
            names = {"-a", "--all"},
            description = "Include what was read before and is still there.")
    private boolean all;

    @Option(
            names = {"-F", "--force"},
            description = "Replace the files of an earlier recovery.")
    private boolean force;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        List<LeftMemory> left = new ArrayList<>();
        for (Path folder : folders) {
            left.add(LeftMemory.at(folder));
        }
        if (folders.isEmpty()) {
            left = LeftMemory.all();
        }
        List<LeftMemory> wanted = left;
        return StopSignal.runAsOthersDo(stop -> recover(wanted, stop));
    }

    private int recover(List<LeftMemory> left, StopSignal stop) throws IOException, ToolException {
        Recovery recovery = new Recovery(output, all, stop::isRequested);
        recovery.prepare(left, force);
        PrintWriter out = spec.commandLine().getOut();
        List<RecoveredChannel> channels = new ArrayList<>();
        for (LeftMemory memory : left) {
            for (Path folder : memory.channels()) {
                RecoveredChannel channel = recovery.recover(memory, folder);
                channels.add(channel);
                if (!json) {
                    new RecoveryReport(channel).lines().forEach(out::println);
                }
            }
        }
        if (json) {
            out.println(Json.of(Map.of(
                    "channels",
                    channels.stream()
                            .map(channel -> new RecoveryReport(channel).fields())
                            .toList())));
        } else if (channels.isEmpty()) {
            out.println("no channels of dead processes");
        }
        out.flush();
        return channels.stream().anyMatch(RecoveredChannel::isIncomplete) ? ExitCode.LOST : ExitCode.OK;
    }
}
