package org.relayfs.tool.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.relayfs.event.ctf.MetadataFile;
import org.relayfs.reader.ChannelSnapshot;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.TextTable;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.ChannelArguments;
import org.relayfs.tool.client.ChannelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs snapshot`: copies what a channel holds, and takes nothing out.
@Command(
        name = "snapshot",
        description = {
            "Copies what a channel holds to files, and takes nothing out.",
            "The files are OUTDIR/cpuN; with format=events, OUTDIR is a CTF trace. Writers are not stopped and not "
                    + "slowed: what they overwrite before it is copied is missing, and counted."
        },
        exitCodeList = {"0:copied", "1:no such channel, not permitted, or files exist already", "2:system error"})
public final class SnapshotCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "The mount point; the channel, or its path.")
    private List<String> words;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUTDIR",
            description = "The folder for the files; created if it does not exist.")
    private Path folder;

    @Option(
            names = {"-F", "--force"},
            description = "Replace the files of an earlier snapshot or recording.")
    private boolean force;

    @Override
    protected int run() throws IOException, ToolException {
        ChannelFolder channel = ChannelArguments.of(words).channel().requireCreated();
        new RecordedFiles(folder, Long.MAX_VALUE, Integer.MAX_VALUE, force).prepare(List.of("cpu0", MetadataFile.NAME));
        TextTable table = new TextTable(1, "file", "bytes", "missed sub-buffers", "oldest", "newest");
        for (ChannelSnapshot.Copied copied : ChannelSnapshot.write(channel.path(), folder)) {
            table.add(List.of(
                    "cpu" + copied.cpu(),
                    Long.toString(copied.bytes()),
                    Long.toString(copied.missedSubBuffers()),
                    copied.oldest().map(Object::toString).orElse("-"),
                    copied.newest().map(Object::toString).orElse("-")));
        }
        table.lines().forEach(spec.commandLine().getOut()::println);
        return ExitCode.OK;
    }
}
