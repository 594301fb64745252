package org.relayfs.tool;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `relayfs` command.
@Command(name = "relayfs", mixinStandardHelpOptions = true, description = "Per-CPU ring buffers shown as files.")
public final class RelayfsCommand {
    private RelayfsCommand() {}

    /// Runs one subcommand and exits with its code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(new CommandLine(new RelayfsCommand()).execute(args));
    }
}
