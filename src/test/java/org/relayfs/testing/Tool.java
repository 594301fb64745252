package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the command as users do: the launcher, in a process of its own.
public final class Tool {
    public static final String LAUNCHER =
            Path.of("mount-scripts/relayfs").toAbsolutePath().toString();

    private Tool() {}

    public static Client start(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return Client.start(command);
    }

    /// Runs it to its end.
    ///
    /// @return what it has printed on standard output
    public static String run(Object... arguments) throws Exception {
        try (Client tool = start(arguments)) {
            tool.awaitSuccess();
            assertThat(tool.errors()).isEmpty();
            return tool.output();
        }
    }

    /// Runs it to its end, which is to be this exit code and a complaint.
    ///
    /// @return what it has printed on standard error
    public static String refused(int exitCode, Object... arguments) throws Exception {
        try (Client tool = start(arguments)) {
            assertThat(tool.awaitEnd()).as(tool::toString).isEqualTo(exitCode);
            assertThat(tool.output()).isEmpty();
            return tool.errors();
        }
    }

    /// Runs it for somebody who looks at a terminal of 24 lines.
    ///
    /// @return what appears on the terminal
    public static Client onTerminal(String arguments) throws Exception {
        return Client.start("script", "-qefc", "stty rows 24 cols 80; exec " + LAUNCHER + " " + arguments, "/dev/null");
    }
}
