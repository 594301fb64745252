package org.relayfs.tool.cli;

import java.util.concurrent.Callable;
import org.relayfs.Relay;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `relayfs version`.
@Command(name = "version", description = "Prints the versions of relayfs, of its shared memory and of Java.")
public final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "relayfs " + Relay.version(),
            "layout " + Relay.layoutVersion(),
            "java " + System.getProperty("java.version")
        };
    }
}
