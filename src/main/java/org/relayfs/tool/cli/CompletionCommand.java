package org.relayfs.tool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `relayfs completion`: prints a completion script. Commands and options in it are those that there are.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = {
            "Prints a completion script for bash and zsh.",
            "It completes commands, options, mount points, channels, the keys of create and mount options. "
                    + "In bash: source <(relayfs completion)"
        })
public final class CompletionCommand implements Callable<Integer> {
    private static final String SCRIPT = "completion.bash";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, CommandLine> commands = spec.root().subcommands();
        String options = commands.entrySet().stream()
                .filter(command -> !options(command.getValue()).isEmpty())
                .map(command ->
                        "        " + command.getKey() + ") printf '%s\\n' " + options(command.getValue()) + " ;;")
                .collect(Collectors.joining("\n"));
        spec.commandLine()
                .getOut()
                .print(script().replace("@COMMANDS@", String.join(" ", commands.keySet()))
                        .replace("@OPTIONS@", options));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private static String options(CommandLine command) {
        return String.join(" ", command.getCommandSpec().optionsMap().keySet());
    }

    private static String script() {
        try (InputStream script = CompletionCommand.class.getResourceAsStream(SCRIPT)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(SCRIPT, e);
        }
    }
}
