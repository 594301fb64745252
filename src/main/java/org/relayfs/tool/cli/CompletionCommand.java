package org.relayfs.tool.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `relayfs completion`: prints a completion script.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = {"Prints a completion script for bash and zsh.", "In bash: source <(relayfs completion)"})
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("relayfs", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
