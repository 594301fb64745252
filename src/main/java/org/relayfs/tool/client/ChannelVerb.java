package org.relayfs.tool.client;

import java.io.IOException;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// A command that is a line of `control`: its own name and that of a channel.
@Command(exitCodeList = {"0:done", "1:no such channel, or not permitted", "2:system error"})
abstract class ChannelVerb extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "The mount point; the channel, or its path.")
    private List<String> words;

    @Override
    protected final int run() throws IOException, ToolException {
        ChannelArguments arguments = ChannelArguments.of(words);
        arguments.mount().command(List.of(spec.name(), arguments.requireName()));
        return ExitCode.OK;
    }
}
