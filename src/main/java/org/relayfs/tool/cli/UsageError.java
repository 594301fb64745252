package org.relayfs.tool.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A command line that is not understood: one line says why, what may have been meant and where the help is.
public final class UsageError implements IParameterExceptionHandler {
    /// Tells the user.
    ///
    /// @param e    what picocli found
    /// @param args the command line
    /// @return the exit code
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("relayfs: " + message(e, command) + "; see "
                        + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String message(ParameterException e, CommandLine command) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            boolean namesCommand = e.getArgSpec() == null && e.getValue() != null;
            return plain(e.getMessage()) + (namesCommand ? Suggestion.of(e.getValue(), commands(command)) : "");
        }
        List<String> words = unmatched.getUnmatched();
        if (words.getFirst().startsWith("-")) {
            String option = words.getFirst().replaceFirst("=.*", "");
            Collection<String> options = command.getCommandSpec().optionsMap().keySet().stream()
                    .filter(name -> name.startsWith("--") == option.startsWith("--"))
                    .toList();
            return "unknown option " + option + Suggestion.of(option, options);
        }
        return command.getSubcommands().isEmpty()
                ? "too many arguments: " + String.join(" ", words)
                : "there is no command " + words.getFirst() + Suggestion.of(words.getFirst(), commands(command));
    }

    /// As part of a line, not as a sentence.
    private static String plain(String sentence) {
        String text = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static Collection<String> commands(CommandLine command) {
        return command.getSubcommands().keySet();
    }
}
