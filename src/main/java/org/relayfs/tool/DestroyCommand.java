package org.relayfs.tool;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `relayfs destroy`: a line of `control`.
@Command(
        name = "destroy",
        description = {"Destroys a channel.", "Who has its files open can read them to the end."},
        exitCodeList = {"0:destroyed", "1:no such channel, or not permitted", "2:system error"})
final class DestroyCommand extends FileCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME",
            description = "Where it is mounted; the channel, or its path.")
    private List<String> words;

    @Override
    int run() throws IOException, ToolException {
        ChannelArguments arguments = ChannelArguments.of(words);
        arguments.mount().command(List.of("destroy", arguments.requireName()));
        return ExitCode.OK;
    }
}
