package org.relayfs.tool.client;

import java.io.IOException;
import java.util.List;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `relayfs destroy`: a line of `control`.
@Command(
        name = "destroy",
        description = {"Destroys a channel.", "Who has its files open can read them to the end."},
        exitCodeList = {"0:destroyed", "1:no such channel, or not permitted", "2:system error"})
public final class DestroyCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "Where it is mounted; the channel, or its path.")
    private List<String> words;

    @Override
    protected int run() throws IOException, ToolException {
        ChannelArguments arguments = ChannelArguments.of(words);
        arguments.mount().command(List.of("destroy", arguments.requireName()));
        return ExitCode.OK;
    }
}
