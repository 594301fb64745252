package org.relayfs.tool.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `relayfs cat`: prints the records of one channel and removes them.
@Command(
        name = "cat",
        description = {
            "Prints the records of a channel and removes them from its buffers.",
            "One buffer after the other."
        },
        exitCodeList = {
            "0:done; with -f: the channel was destroyed and all of it has been printed",
            "1:no such channel, or not permitted",
            "2:system error",
            "141:the reader of the output is gone"
        })
public final class CatCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "The mount point; the channel, or its path.")
    private List<String> words;

    @Option(
            names = {"-f", "--follow"},
            description = "Keep printing new records until the channel is destroyed. Buffers of CPUs that come "
                    + "online later are included.")
    private boolean follow;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        ChannelFolder channel = ChannelArguments.of(words).channel().requireCreated();
        try (FileOutputStream output = new FileOutputStream(FileDescriptor.out);
                ChannelReader reader = new ChannelReader(channel, output.getChannel())) {
            if (follow) {
                return StopSignal.runAsOthersDo(reader::follow);
            }
            reader.readAll();
            return ExitCode.OK;
        } catch (ChannelReader.OutputGoneException e) {
            return ExitCode.BROKEN_PIPE;
        }
    }
}
