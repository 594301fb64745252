package org.relayfs.tool.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import picocli.CommandLine.Parameters;

/// A command that is a line of `control`: its own name, that of a channel, and settings.
abstract class SettingsVerb extends FileCommand {
    private static final Pattern SETTING = Pattern.compile("\\w+=.*");
    private static final Pattern ONE_WORD = Pattern.compile("[!-~]+");

    @Parameters(
            arity = "1..*",
            hideParamSyntax = true,
            paramLabel = "[DIR] NAME [KEY=VALUE...]",
            description = "The mount point; the channel, or its path; its settings.")
    private List<String> words;

    @Override
    protected final int run() throws IOException, ToolException {
        List<String> settings =
                words.stream().filter(SETTING.asMatchPredicate()).toList();
        ChannelArguments arguments = ChannelArguments.of(
                words.stream().filter(SETTING.asMatchPredicate().negate()).toList());
        List<String> command = new ArrayList<>(List.of(spec.name(), arguments.requireName()));
        for (String setting : settings) {
            command.add(checked(setting));
        }
        arguments.mount().command(command);
        return ExitCode.OK;
    }

    /// A space or a newline would begin another word, or another command.
    private static String checked(String setting) throws ToolException {
        if (!ONE_WORD.matcher(setting).matches()) {
            throw new ToolException(ExitCode.USAGE, "setting: '" + setting + "': limit=key=value without spaces");
        }
        return setting;
    }
}
